import { GraphQLError } from 'graphql';

export type Language = 'zh' | 'en';

/** Nobody is signed in and the operation needs somebody. The client should sign in and ask again. */
export const unauthenticated = (language: Language = 'zh'): GraphQLError =>
  new GraphQLError(language === 'en' ? 'Sign in first.' : '请先登录。', {
    extensions: { code: 'UNAUTHENTICATED' },
  });

/** Somebody is signed in whose roles do not allow this. Asking again will not help. */
export const forbidden = (language: Language = 'zh'): GraphQLError =>
  new GraphQLError(
    language === 'en' ? 'Your role does not allow this.' : '您的角色不可办理此事项。',
    { extensions: { code: 'FORBIDDEN' } },
  );
