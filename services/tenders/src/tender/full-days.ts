import { addDays, civilDateInShanghai, endOfCivilDay } from '@mulin/clock';

/**
 * The first moment at which so many full days have passed since: the day itself is not counted, and the last one ends
 * at 24:00 (87号令 第八十五条; 民法典 第二百零一条、第二百零三条). Every clock of a tender file counts by this.
 */
export const afterFullDays = (since: Date, days: number): Date =>
  endOfCivilDay(addDays(civilDateInShanghai(since), days));
