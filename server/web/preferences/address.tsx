import type { JSX } from 'preact';
import type { PreferencesProps } from './types.ts';

/** A no for an address, for who is in no chat and needs no account (GATE.md k.12). Works without script. */
export function AddressOff({
  action,
  brand,
  address,
  otherBrands,
  words,
}: {
  action: string;
  brand: string;
  address: PreferencesProps['address'];
  otherBrands: boolean;
  words: PreferencesProps['words'];
}): JSX.Element {
  const failed = address && address.state !== 'saved' ? address : undefined;
  return (
    <section aria-labelledby="by-address" id="address">
      <h2 id="by-address">{words.addressHead}</h2>
      <p>{words.addressLede(brand)}</p>
      {address?.state === 'saved' && (
        <p class="told" data-say>
          {words.addressSaved}
        </p>
      )}
      <form class="fill" method="post" action={action}>
        <label for="address-value">{words.address}</label>
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
            {failed.state === 'wrong' ? words.addressWrong : words.addressFailed}
          </p>
        )}
        {otherBrands && (
          <label class="tick">
            <input type="checkbox" name="everywhere" value="yes" /> {words.everywhere}
          </label>
        )}
        <button class="btn" type="submit">
          {words.allOff}
        </button>
      </form>
    </section>
  );
}
