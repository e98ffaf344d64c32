/** Types that name this class in `registerIn` belong to the identity schema only. */
export class IdentitySchema {}
