import { base32 } from '@better-auth/utils/base32';
import { createOTP } from '@better-auth/utils/otp';

/** A person's app: the code it shows at `at` (milliseconds since 1970), from the key it scanned or was typed. */
export function appWith(key: string) {
  const otp = createOTP(new TextDecoder().decode(base32.decode(key.replace(/\s/g, ''))));
  return (at: number): Promise<string> => otp.hotp(Math.floor(at / 30_000));
}
