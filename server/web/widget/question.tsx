import type { JSX, TargetedSubmitEvent } from 'preact';
import type { Question as Asked } from '#contract/chat.ts';
import { type Field, visitorFields } from '#contract/visitor.ts';
import { safeUrl } from '../../../extension/panel/kit/links.tsx';
import { NoticeWords } from '../notice-words.tsx';
import type { EntryOf, Topic } from './log.ts';
import type { Said } from './questions.ts';
import type { Chat } from './session.ts';
import type { Asking } from './state.ts';
import { words } from './words.ts';

/** What an add-on says of itself is in English, whatever the page's language is. */
const factsLang = 'en';

const Details = ({ question, id }: { question: Asked; id: string }): JSX.Element => {
  const { legalName, address, countries, retention, policy } = question.recipient;
  const url = safeUrl(policy);
  return (
    <dl class="what" id={id}>
      <dt>{question.receives ? words.whoKnows : words.whoGets}</dt>
      <dd>
        {legalName}, {address}
      </dd>
      <dt>{words.where}</dt>
      <dd>{countries.map(words.country).join(', ')}</dd>
      <dt>{words.why}</dt>
      {question.fields.map((f) => (
        <dd key={f.field}>
          {words.fieldName(f.field)}
          {words.colon} <span lang={factsLang}>{f.because}</span>.
        </dd>
      ))}
      <dt>{words.howLong}</dt>
      <dd>{question.receives ? words.untilBack : <span lang={factsLang}>{retention}</span>}</dd>
      {url && (
        <>
          <dt>{words.policy}</dt>
          <dd>
            <a href={url.href} target="_blank" rel="noopener noreferrer">
              {url.host}
            </a>
          </dd>
        </>
      )}
      {question.sandbox && <dd class="full">{words.sandbox}</dd>}
    </dl>
  );
};

/** What was said about a field before, under its label: a change starts from what holds, with nothing filled in. */
const before = (field: Field, entry?: EntryOf<'answered'>) =>
  entry?.yes.includes(field) ? words.saidBefore.yes : entry?.no.includes(field) ? words.saidBefore.no : undefined;

/** A question in the log, from its arrival to its answer (UI.md 3; GATE.md c: its own screen, no default). */
export function Question(props: {
  chat: Pick<Chat, 'ask'>;
  topic: Topic;
  asking?: Asking;
  id: string;
  last?: EntryOf<'answered'>;
}): JSX.Element {
  const { chat, topic, asking, id, last } = props;
  if (!asking || asking.step === 'loading') return <p class="ask quiet">{words.loadingQuestion(topic.partner)}</p>;
  if (asking.step === 'failed')
    return (
      <p class="ask quiet">
        {asking.gone ? words.goneQuestion(topic.partner) : words.noQuestion(topic.partner)}{' '}
        {!asking.gone && (
          <button class="btn bare" type="button" onClick={() => chat.ask.retry(topic)}>
            {words.tryAgain}
          </button>
        )}
        {asking.again && (
          <button class="btn bare" type="button" onClick={() => chat.ask.leave(topic)}>
            {words.leaveIt}
          </button>
        )}
      </p>
    );

  const { question, saving, more, note, again } = asking;
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const later = (event.submitter as HTMLButtonElement | null)?.name === 'later';
    if (later && again) {
      chat.ask.leave(topic);
      return document.getElementById(id)?.focus();
    }
    const said = Object.fromEntries(new FormData(form)) as Said;
    const stored = await chat.ask.answer(topic, later ? {} : said, later);
    // Where the question was, its answer is now; the pressed button is gone, so the line takes the focus.
    if (stored) document.getElementById(id)?.focus();
  };
  return (
    // The nonce as key: a question asked anew begins with every pair empty.
    <form key={question.nonce} onSubmit={submit}>
      <fieldset class="ask" aria-describedby={`${id}-hint`} id={id} tabIndex={-1}>
        <legend>
          {words.mayGet(question)} {question.sandbox && <small class="tag">{words.sandboxTag}</small>}{' '}
          {question.ai && <small class="tag">{words.usesAi}</small>}
        </legend>
        <p class="hint" id={`${id}-hint`}>
          <NoticeWords text={question.notice} lang={question.noticeLang} facts={question.noticeFacts} say={words} />
        </p>
        {!words.reasonInHead && question.noticeLang !== words.tag && (
          <p class="hint">
            {words.why}
            {words.colon} <span lang={factsLang}>{question.because}</span>.
          </p>
        )}
        {question.changed && <p class="hint">{words.changed(question)}</p>}
        {question.signal && <p class="hint">{words.conflict(question.partner)}</p>}
        {question.fields.map(({ field, value, because }) => (
          <div class="field" role="radiogroup" aria-labelledby={`${id}-${field}`} key={field}>
            <span id={`${id}-${field}`}>
              {words.fieldName(field)}
              <small>
                {[value ?? (visitorFields[field].freeText ? words.allSaid : words.notGiven), before(field, last)]
                  .filter(Boolean)
                  .join(', ')}
              </small>
              {because !== question.because && <small lang={factsLang}>{because}</small>}
            </span>
            <span class="pair">
              {(['yes', 'no'] as const).map((word) => (
                <label key={word}>
                  <input type="radio" name={field} value={word} disabled={saving} />
                  {words[word]}
                </label>
              ))}
            </span>
          </div>
        ))}
        {note && <p class="wrong">{note}</p>}
        <div class="end">
          <button class="btn" type="submit" aria-disabled={saving}>
            {/* Both words in one cell: the button keeps its width while it saves. */}
            <span class="swap">
              <span class={saving ? 'off' : ''}>{words.answer}</span>
              <span class={saving ? '' : 'off'}>{words.saving}</span>
            </span>
          </button>
          <button class="btn" type="submit" name="later" aria-disabled={saving}>
            {again ? words.leaveIt : words.notNow}
          </button>
          <button
            class="btn bare"
            type="button"
            aria-expanded={more}
            aria-controls={more ? `${id}-what` : undefined}
            onClick={() => {
              chat.ask.more(topic);
              document.getElementById(`${id}-what`)?.scrollIntoView({ block: 'nearest' });
            }}
          >
            {words.what}
          </button>
        </div>
        <p class="hint">{words.openUnanswered}</p>
        {more && <Details question={question} id={`${id}-what`} />}
      </fieldset>
    </form>
  );
}
