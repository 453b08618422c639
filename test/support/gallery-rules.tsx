import type { JSX } from 'preact';
import { type BrandConfig, strictRules } from '#contract/settings.ts';
import type { PastChange } from '../../server/consent/rules.ts';
import { RulesPage } from '../../server/web/console/rules.tsx';
import { frame } from './gallery-data.ts';

/** A brand's rules with one place, and one switch at another than its strict value. */
const rules: BrandConfig = {
  ...strictRules,
  places: ['DK', 'US-CA'],
  askedMeansWait: false,
  version: 2,
  sites: [],
};
const ruleChanges: PastChange[] = [
  { index: 4820, minute: '2026-11-22T14:02Z', setting: 'places', old: ['DK'], new: ['DK', 'US-CA'] },
  { index: 4819, minute: '2026-11-22T14:02Z', setting: 'askedMeansWait', old: true, new: false },
  { index: 311, minute: '2026-11-03T09:12Z', setting: 'consentAge', old: 13, new: 16 },
];

/** The page of a brand's rules in its states. */
export const rulesGallery: Record<string, ['console', JSX.Element]> = {
  rules: ['console', <RulesPage frame={frame} config={rules} changes={[]} />],
  'rules-changed': ['console', <RulesPage frame={frame} config={rules} changes={ruleChanges} done={2} />],
  'rules-late': ['console', <RulesPage frame={frame} config={rules} changes={ruleChanges} late />],
  'rules-unreadable': ['console', <RulesPage frame={frame} changes={[]} />],
};
