import type { Actor } from '@mulin/auth';
import { Database, type Tx } from '@mulin/database';
import { changeOnce, createOnce, NotFound, paginate } from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import { hashPassword, isWeak, LEAST_CHARACTERS } from '../password/password.js';
import { Account } from './account.entity.js';
import type {
  AccountsArgs,
  DisableAccountInput,
  RegisterAccountInput,
  SetAccountRolesInput,
} from './account.inputs.js';
import { LoginTaken, PasswordWeak, PersonHasAccount } from './account.refusals.js';

/** One method is one use case is one transaction. */
@Injectable()
export class AccountService {
  constructor(@Inject(Database) private readonly database: Database) {}

  async register(actor: Actor, { password, ...input }: RegisterAccountInput) {
    if (isWeak(password, input.login)) return new PasswordWeak(LEAST_CHARACTERS);
    // Before the transaction: it takes a tenth of a second of CPU, on purpose.
    const passwordHash = await hashPassword(password);
    return this.database.as(actor, (tx) =>
      // The password is not part of the remembered input: a hash of it there could be guessed at.
      createOnce(tx, { actor, input, type: 'Account', load: (id) => load(tx, id) }, async () => {
        const account = Account.register({
          ...input,
          organisationId: input.organisationId ?? null,
          street: actor.street,
          registeredBy: actor.id,
        });
        if (!(account instanceof Account)) return account;
        if (await isTaken(tx, 'login_taken', account.login)) return new LoginTaken(account.login);
        if (await isTaken(tx, 'person_has_account', account.personId)) {
          return new PersonHasAccount(account.personId);
        }
        await tx.insert(Account, account);
        await tx.query('insert into credential (account_id, password_hash) values ($1, $2)', [
          account.id,
          passwordHash,
        ]);
        return account;
      }),
    );
  }

  setRoles(actor: Actor, input: SetAccountRolesInput) {
    return this.change(actor, input, (account) =>
      account.setRoles(actor.id, input.roles, input.expectedVersion),
    );
  }

  disable(actor: Actor, input: DisableAccountInput) {
    return this.change(actor, input, (account) => account.disable(actor.id, input.expectedVersion));
  }

  page(actor: Actor, { filter, orderBy, ...page }: AccountsArgs) {
    return paginate<Account>({
      read: (work) => this.database.read(actor, work),
      alias: 'account',
      page,
      orderBy: orderBy && { property: orderBy.field, direction: orderBy.direction },
      query: (tx) => {
        const query = tx.createQueryBuilder(Account, 'account').where('true');
        if (filter?.state)
          query.andWhere('account.state in (:...state)', { state: filter.state.in });
        return query;
      },
    });
  }

  private change<R>(
    actor: Actor,
    input: { id: string; idempotencyKey: string },
    decide: (account: Account) => R | undefined,
  ) {
    return this.database.as(actor, (tx) =>
      changeOnce<Account, R>(
        tx,
        { actor, input, type: 'Account', load: (id) => load(tx, id) },
        async () => {
          const account = await load(tx, input.id, 'for_no_key_update');
          const refusal = decide(account);
          if (refusal) return refusal;
          return tx.save(account);
        },
      ),
    );
  }
}

async function load(tx: Tx, id: string, mode?: 'for_no_key_update'): Promise<Account> {
  const account = await tx.findOne(Account, { where: { id }, lock: mode && { mode } });
  if (!account) throw new NotFound('account', id);
  return account;
}

/** Unique across streets; row-level security would hide another street's row. */
async function isTaken(
  tx: Tx,
  question: 'login_taken' | 'person_has_account',
  value: string,
): Promise<boolean> {
  const [row] = await tx.query<{ taken: boolean }[]>(`select ${question}($1) as taken`, [value]);
  return row?.taken ?? false;
}
