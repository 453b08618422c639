import type { JSX } from 'preact';
import { languages } from '../../server/i18n/spoken.ts';
import { LoginDone, LoginGoOn, LoginPick } from '../../server/web/login/login.tsx';
import { loginWords } from '../../server/web/login/words.ts';

const words = loginWords([]);
const given = {
  brand: 'Harbor Motors',
  partner: 'Harbor ID',
  sandbox: true,
  claims: { name: 'Ada Brandt', email: 'ada@brandt.example', phone: '+45 20 55 04 18' },
  action: '/login/pick',
  csrf: 'csrf-sample',
};

/** The tab of a visitor's sign-in, and its one form in every language. */
export const loginGallery: Record<string, ['door', JSX.Element]> = {
  'login-go-on': ['door', <LoginGoOn words={words} partner="Harbor ID" sandbox href="/sandbox" />],
  'login-pick-nothing': ['door', <LoginPick words={words} {...given} claims={{}} />],
  'login-done': ['door', <LoginDone words={words} none={false} />],
  ...Object.fromEntries(
    languages.map((tag): [string, ['door', JSX.Element]] => [
      tag === 'en' ? 'login-pick' : `login-pick-${tag}`,
      ['door', <LoginPick words={loginWords([tag])} {...given} />],
    ]),
  ),
};
