import { defineLogin } from '#sdk';
import { facts } from './facts.ts';

/** GitHub sign-in: a visitor fills in the form from an account of their own; nothing is shared with GitHub. */
export const adapter = defineLogin({
  facts,
  shares: {},
  receives: {
    Name: 'to fill in the chat form, if the visitor picks it',
    'E-mail': 'to fill in the chat form, if the visitor picks it',
  },
  on: {},
  erase: 'none',
  rectify: 'none',
  restrict: 'none',
  suppress: 'none',
});
