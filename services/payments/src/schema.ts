/** Types that name this class in `registerIn` belong to the payments schema only. */
export class PaymentsSchema {}
