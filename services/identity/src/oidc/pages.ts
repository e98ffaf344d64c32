import { createHash } from 'node:crypto';
import type { Language } from '@mulin/graphql';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif }
body { display: grid; place-items: center; min-height: 100vh; margin: 0 }
main { width: min(22rem, 88vw) }
h1 { font-size: 1.4rem }
label { display: block; margin-top: 1rem }
input { width: 100%; box-sizing: border-box; font: inherit; padding: .5rem }
button { margin-top: 1.5rem; width: 100%; font: inherit; padding: .6rem }
[role=alert] { border-left: .25rem solid #c0392b; padding-left: .75rem }
`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/**
 * For every page: nothing from elsewhere, no script, no frame. `form-action` stays open because browsers
 * also apply it to the way back to the client after the form was sent.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

const TEXT = {
  zh: {
    title: '登录睦邻',
    login: '登录名',
    password: '口令',
    submit: '登录',
    refused: '登录名或口令不正确。',
    locked: (seconds: number) => `尝试次数过多，请在 ${Math.ceil(seconds / 60)} 分钟后再试。`,
    busy: '服务繁忙，请稍后再试。',
    failed: '登录未能继续',
    again: '请回到您的应用，重新登录。',
    logout: '退出登录？',
    yes: '退出',
    no: '保持登录',
    goodbye: '已退出登录',
  },
  en: {
    title: 'Sign in to Mulin',
    login: 'Login',
    password: 'Password',
    submit: 'Sign in',
    refused: 'The login or the password is not right.',
    locked: (seconds: number) =>
      `Too many attempts. Try again in ${Math.ceil(seconds / 60)} minute(s).`,
    busy: 'Too busy just now. Try again in a moment.',
    failed: 'The sign-in cannot go on',
    again: 'Go back to your application and sign in again.',
    logout: 'Sign out?',
    yes: 'Sign out',
    no: 'Stay signed in',
    goodbye: 'You are signed out',
  },
};

export type Complaint = 'refused' | 'busy' | { lockedForSeconds: number };

/** The sign-in form; it posts to its own address. */
export function loginPage(language: Language, login = '', complaint?: Complaint): string {
  const text = TEXT[language];
  const sentence =
    complaint === undefined
      ? ''
      : `<p role="alert">${
          typeof complaint === 'string' ? text[complaint] : text.locked(complaint.lockedForSeconds)
        }</p>`;
  return page(
    language,
    text.title,
    `${sentence}<form method="post" autocomplete="on">
<label>${text.login}<input name="login" value="${escapeHtml(login)}" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus></label>
<label>${text.password}<input name="password" type="password" autocomplete="current-password" required></label>
<button>${text.submit}</button></form>`,
  );
}

/** An error of the protocol: `code` is OAuth's, such as `invalid_request`. */
export function errorPage(language: Language, code: string): string {
  const text = TEXT[language];
  return page(
    language,
    text.failed,
    `<p role="alert">${text.again}</p><p><code>${escapeHtml(code)}</code></p>`,
  );
}

/** `form` is oidc-provider's own hidden form with the id `op.logoutForm`. */
export function logoutPage(language: Language, form: string): string {
  const text = TEXT[language];
  return page(
    language,
    text.logout,
    `${form}<button form="op.logoutForm" name="logout" value="yes">${text.yes}</button>
<button form="op.logoutForm">${text.no}</button>`,
  );
}

export function goodbyePage(language: Language): string {
  return page(language, TEXT[language].goodbye, '');
}

const page = (language: Language, title: string, body: string): string =>
  `<!doctype html><html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style>${STYLE}</style><main><h1>${title}</h1>${body}</main></html>`;

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => ESCAPES[c] ?? '');
