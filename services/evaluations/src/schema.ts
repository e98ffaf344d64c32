/** Types that name this class in `registerIn` belong to the evaluations schema only. */
export class EvaluationsSchema {}
