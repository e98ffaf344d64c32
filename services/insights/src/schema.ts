/** Types that name this class in `registerIn` belong to the insights schema only. */
export class InsightsSchema {}
