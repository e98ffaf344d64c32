import { Refusal } from '@mulin/graphql';
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { IdentitySchema } from '../schema.js';

const registerIn = () => IdentitySchema;
const POLICY = '平台规则：账户';
const CONTROL = '行政事业单位内部控制规范（试行） 第十五条';

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Another account has this login. Choose another.',
})
export class LoginTaken extends Refusal {
  @Field()
  login: string;

  constructor(login: string) {
    super(
      {
        id: 'account.login.once',
        article: POLICY,
        title: { zh: '登录名唯一', en: 'One login, one account' },
      },
      { zh: `登录名 ${login} 已被使用。`, en: `The login ${login} is taken.` },
    );
    this.login = login;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description:
    'A login is 3 to 40 small letters, digits, dots and dashes, and starts with a letter.',
})
export class LoginInvalid extends Refusal {
  @Field()
  login: string;

  constructor(login: string) {
    super(
      {
        id: 'account.login.form',
        article: POLICY,
        title: { zh: '登录名格式', en: 'Form of a login' },
      },
      {
        zh: '登录名须为 3 至 40 位小写字母、数字、点或短横，并以字母开头。',
        en: 'A login is 3 to 40 small letters, digits, dots and dashes, and starts with a letter.',
      },
    );
    this.login = login;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'This person has an account already. Give that one the roles.',
})
export class PersonHasAccount extends Refusal {
  @Field()
  personId: string;

  constructor(personId: string) {
    super(
      {
        id: 'account.person.once',
        article: POLICY,
        title: { zh: '一人一户', en: 'One person, one account' },
      },
      { zh: '该人员已有账户。', en: 'This person has an account already.' },
    );
    this.personId = personId;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'The password is too short, too long, or the login itself. It is not repeated here.',
})
export class PasswordWeak extends Refusal {
  @Field(() => Int, { description: 'Fewest characters.' })
  least: number;

  constructor(least: number) {
    super(
      {
        id: 'account.password',
        article: 'GB/T 22239-2019 8.1.4.1 身份鉴别',
        title: { zh: '口令强度', en: 'Strength of a password' },
      },
      {
        zh: `口令至少 ${least} 个字符，至多 200 个，且不得含登录名。`,
        en: `A password has ${least} to 200 characters and does not contain the login.`,
      },
    );
    this.least = least;
  }
}

@ObjectType({ implements: () => Refusal, registerIn, description: 'No role is called that.' })
export class RoleUnknown extends Refusal {
  @Field()
  role: string;

  constructor(role: string) {
    super(
      { id: 'account.role.known', article: POLICY, title: { zh: '角色名', en: 'Names of roles' } },
      { zh: `没有名为“${role}”的角色。`, en: `No role is called “${role}”.` },
    );
    this.role = role;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Who evaluates never approves or pays, and who approves never pays.',
})
export class RolesExclude extends Refusal {
  @Field(() => [String])
  roles: string[];

  constructor(roles: readonly string[]) {
    super(
      {
        id: 'account.role.separation',
        article: CONTROL,
        title: { zh: '不相容岗位分离', en: 'Separation of duties' },
      },
      {
        zh: `以下岗位不得由同一人担任：${roles.join('、')}。`,
        en: `One person may not hold these together: ${roles.join(', ')}.`,
      },
    );
    this.roles = [...roles];
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'This role acts for an organisation, and the account names none.',
})
export class OrganisationRequired extends Refusal {
  @Field()
  role: string;

  constructor(role: string) {
    super(
      {
        id: 'account.organisation',
        article: POLICY,
        title: { zh: '所属组织', en: 'Organisation of an account' },
      },
      {
        zh: `角色 ${role} 须有所属组织。`,
        en: `The role ${role} acts for an organisation; name it.`,
      },
    );
    this.role = role;
  }
}
