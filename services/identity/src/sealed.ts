import { MUTATIONS, type SealedSource } from '@mulin/database';

/** What of this database never changes, and is sealed so that a change would be seen. */
export const sealed: readonly SealedSource[] = [MUTATIONS];
