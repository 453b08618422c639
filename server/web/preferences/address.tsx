import type { JSX } from 'preact';
import { whole } from '../../i18n/en.ts';
import type { PreferencesProps } from './types.ts';

/** A no for an address, for who is in no chat and needs no account (GATE.md k.12). Works without script. */
export function AddressOff({
  action,
  brand,
  address,
  otherBrands,
}: {
  action: string;
  brand: string;
  address: PreferencesProps['address'];
  otherBrands: boolean;
}): JSX.Element {
  const failed = address && address.state !== 'saved' ? address : undefined;
  return (
    <section aria-labelledby="by-address" id="address">
      <h2 id="by-address">Turn everything off for an address</h2>
      <p>
        For your e-mail or phone number, also if you never chatted with {brand} or use another browser. We keep no list
        of addresses for this, only a keyed mark by which we know yours again.
      </p>
      {address?.state === 'saved' && (
        <p class="told" data-say>
          Saved: whoever chats with this address shares it with nobody, unless they say yes themselves.
        </p>
      )}
      <form class="fill" method="post" action={action}>
        <label for="address-value">{whole('Your e-mail or phone number')}</label>
        <input
          id="address-value"
          name="address"
          required
          maxLength={254}
          autocomplete="email"
          value={failed?.value}
          aria-invalid={failed ? true : undefined}
          aria-describedby={failed ? 'address-wrong' : undefined}
        />
        {failed && (
          <p class="trouble" id="address-wrong" role="alert">
            {failed.state === 'wrong'
              ? 'That is no whole e-mail address or phone number, so nothing was saved. A number from abroad needs its + and country code.'
              : 'This could not be saved. Nothing has changed; please try again in a minute.'}
          </p>
        )}
        {otherBrands && (
          <label class="tick">
            <input type="checkbox" name="everywhere" value="yes" /> Also for all other brands served from this address
          </label>
        )}
        <button class="btn" type="submit">
          Turn everything off
        </button>
      </form>
    </section>
  );
}
