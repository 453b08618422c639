/** Ways in which a record can be damaged behind the hub's back, as SQL. */
export const damage: Record<string, string[]> = {
  'the manifest is gone': ["update integration set manifest_hash = 'gone'"],
  'the manifest is no JSON': ['drop trigger manifest_no_update', "update manifest set body_json = '{'"],
  "the person's key is gone": ['delete from subject_key'],
  'the terms of the yes are no JSON': [
    'drop trigger consent_event_no_update',
    "update consent_event set terms_json = '{'",
  ],
  'a value was changed': [
    "update value set value_enc = substr(value_enc, 1, length(value_enc) - 4) || 'AAAA' where field = 'email'",
  ],
  'the settings hold a word nobody knows': [
    `update brand set settings_json = replace(settings_json, '"DK"', '"maybe"')`,
  ],
};
