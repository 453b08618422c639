import type { JSX } from 'preact';
import { OwnStep, TakeStepPage } from '../../server/web/console/own-step.tsx';
import { BackupCodes, NoStep, SetUpStep } from '../../server/web/console/set-up-step.tsx';
import { EnterCode } from '../../server/web/sign-in/enter-code.tsx';
import { frame } from './gallery-data.ts';

const led = { brand: 'Harbor Motors', csrf: 'csrf-sample' };
const uri =
  'otpauth://totp/askfirst:maria%40harbor.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSQ&issuer=askfirst&digits=6&period=30';
const codes = ['q3Xk9-Bv2aL', 'mP7tR-x0Zqe', '8yHnC-dW4uK', 'Jf5oV-2sTgB', 'rE9iA-kM6wQ'].flatMap((c) => [
  c,
  c.split('').reverse().join(''),
]);

/** The second step: entered, set up by whoever is led to it, and in the console. */
export const secondStepPages: Record<string, ['door' | 'console', JSX.Element]> = {
  'second-step': ['door', <EnterCode csrf="csrf-sample" />],
  'second-step-wrong': [
    'door',
    <EnterCode csrf="csrf-sample" trouble={{ field: 'paper', words: 'This is none of your backup codes.' }} />,
  ],
  'second-step-led': ['door', <NoStep around={led} />],
  'second-step-led-scan': ['door', <SetUpStep around={led} uri={uri} />],
  'second-step-none': ['console', <NoStep around={{ frame }} done="Your second step is off." />],
  'second-step-scan': [
    'console',
    <SetUpStep
      around={{ frame }}
      uri={uri}
      trouble="This code does not fit. Nothing is lost: wait for the next one."
    />,
  ],
  'second-step-codes': [
    'console',
    <BackupCodes frame={frame} codes={codes} next={{ href: '/console', label: 'I have kept them' }} again />,
  ],
  'second-step-on': [
    'console',
    <OwnStep frame={frame} left={9} demanded={false} trouble={{ form: 'off', words: 'This code does not fit.' }} />,
  ],
  'second-step-take': [
    'console',
    <TakeStepPage frame={frame} member={{ id: 'u2', name: 'Jens', email: 'jens@harbor.example' }} />,
  ],
};
