import type { Actor } from '@mulin/auth';
import { Database, now } from '@mulin/database';
import { changeOnce } from '@mulin/graphql';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { mayNotProvide } from '../organisation/may-not-provide.js';
import { contractSigned } from './contract.events.js';
import type { SignContractInput } from './contract.inputs.js';
import { loadContract, loadWhole } from './load-contract.js';
import { Signature } from './signature.entity.js';
import { signatureOf } from './signing.js';

@Injectable()
export class SigningService {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** One side signs; with the second signature the rule is frozen and payments learns of the contract. */
  sign(actor: Actor, input: SignContractInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Contract', load: (id) => loadContract(tx, id) },
        async () => {
          const whole = await loadWhole(tx, input.id, 'for_no_key_update');
          const signatures = await tx.findBy(Signature, { contractId: input.id });
          const signedAt = await now(tx);
          const signature = signatureOf(whole, signatures, actor, input, signedAt);
          if (!(signature instanceof Signature)) return signature;
          const { contract } = whole;
          const barred = await mayNotProvide(tx, contract.organisationId, signedAt);
          if (barred) return barred;
          await tx.insert(Signature, signature);
          contract.version += 1;
          if (signatures.length === 1) contract.signed(signedAt);
          await tx.save(contract);
          if (signatures.length === 1) await append(tx, contractSigned(whole, signedAt));
          return contract;
        },
      ),
    );
  }
}
