import { describe, expect, it } from '@jest/globals';
import { StateConflict } from './shared-refusals.js';

const message = (state: string, wanted?: string) =>
  new StateConflict({ expectedVersion: 1, actualVersion: 2, state, wanted }).message;

describe('a step that the state does not allow', () => {
  it('is told an official in Chinese, without a word of code', () => {
    expect(message('awaitingFunds', 'terminate').zh).toBe(
      '当前状态为“待拨资金”（版本 2），现在不能办理“解除”。请重新读取。',
    );
    expect(message('CLOSED').zh).toBe(
      '当前状态为“已关闭”（版本 2），现在不能办理此步骤。请重新读取。',
    );
  });

  it('sends back to read again only whoever saw another version, and names what is missing to the others', () => {
    const same = { expectedVersion: 2, actualVersion: 2, state: 'opened', wanted: 'openBids' };
    expect(new StateConflict(same).message).toEqual({
      zh: '当前状态为“已开标”（版本 2），现在不能办理“开标”。',
      en: 'The state is opened (version 2); openBids is not possible now.',
    });
    const missing = { zh: '须先审查。', en: 'Review first.' };
    expect(new StateConflict({ ...same, missing }).message.en).toBe(
      'The state is opened (version 2); openBids is not possible now. Review first.',
    );
  });

  it('keeps the code where there is no word for it', () => {
    expect(message('constructor', 'fold')).toEqual({
      zh: '当前状态为constructor（版本 2），现在不能办理fold。请重新读取。',
      en: 'The state is constructor (version 2); fold is not possible now. Read it again.',
    });
  });
});
