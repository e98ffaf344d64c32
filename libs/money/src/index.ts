export {
  InvalidFen,
  MAX_FEN,
  ZERO_FEN,
  fen,
  formatYuan,
  parseFen,
  sumFen,
  type Fen,
  type InvalidFenReason,
} from './fen.js';
export { InvalidShare, WHOLE_SHARE, isShare, shareOf, splitByShares } from './shares.js';
export { fenColumn } from './fen-column.js';
