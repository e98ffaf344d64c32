/** Types that name this class in `registerIn` belong to the organisations schema only. */
export class OrganisationsSchema {}
