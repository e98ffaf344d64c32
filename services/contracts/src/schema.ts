/** Types that name this class in `registerIn` belong to the contracts schema only. */
export class ContractsSchema {}
