/** Types that name this class in `registerIn` belong to the tenders schema only. */
export class TendersSchema {}
