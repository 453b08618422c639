import type { JSX } from 'preact';

interface Words {
  asks: (signal: string) => string;
  honored: string;
  /** From a day on; whoever sent it on the first visit reads the other one. */
  late: string;
  first: string;
  counts: string;
}

const spoken: Readonly<Record<string, Words>> = {
  en: {
    asks: (signal) => `Your browser asks sites not to share (${signal}).`,
    honored: 'Opt-out request honored:',
    late: 'sharing is off.',
    first: 'sharing was off from your first visit.',
    counts: 'A yes you give below counts for that partner only.',
  },
  da: {
    asks: (signal) => `Din browser beder websteder om ikke at dele (${signal}).`,
    honored: 'Dit ønske om ikke at dele er imødekommet:',
    late: 'Deling er slået fra.',
    first: 'Deling var slået fra fra dit første besøg.',
    counts: 'Et ja nedenfor gælder kun den ene partner.',
  },
  de: {
    asks: (signal) => `Ihr Browser bittet Websites, nichts weiterzugeben (${signal}).`,
    honored: 'Ihr Widerspruch wird beachtet:',
    late: 'Die Weitergabe ist aus.',
    first: 'Die Weitergabe war seit Ihrem ersten Besuch aus.',
    counts: 'Ein Ja weiter unten gilt nur für diesen einen Partner.',
  },
  fr: {
    asks: (signal) => `Votre navigateur demande aux sites de ne rien partager (${signal}).`,
    honored: 'Votre opposition est respectée\u00a0:',
    late: 'le partage est désactivé.',
    first: 'le partage était désactivé dès votre première visite.',
    counts: 'Un oui donné plus bas ne vaut que pour ce partenaire.',
  },
};
const names = { gpc: 'Global Privacy Control', dnt: 'Do Not Track' } as const;

/** Says that the browser's wish is honored, in the reader's own language where it is spoken here (GATE.md h). */
export function Honored(props: { signal: keyof typeof names; late: boolean; wanted: readonly string[] }): JSX.Element {
  const tag = props.wanted.find((lang) => Object.hasOwn(spoken, lang)) ?? 'en';
  const words = spoken[tag] as Words;
  return (
    <p class="told" lang={tag}>
      <span>
        {words.asks(names[props.signal])}{' '}
        <strong>
          {words.honored} {props.late ? words.late : words.first}
        </strong>{' '}
        {words.counts}
      </span>
    </p>
  );
}
