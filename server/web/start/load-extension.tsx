import type { JSX } from 'preact';

/** Where the built extension lies. */
export interface LoadProps {
  extension: {
    /** Folders as the reader can paste them into the browser's dialog. */
    chrome: string;
    firefox: string;
  };
  panelHref: string;
}

/** How to load the built extension, by command or by hand, and what to do without it. */
export const LoadExtension = ({ extension, panelHref }: LoadProps): JSX.Element => (
  <>
    <p class="dim">
      It asks for no site permission. Without it, the same panel is a page: <a href={panelHref}>open the panel</a>.
    </p>
    <dl class="facts">
      <div>
        <dt>Chrome</dt>
        <dd>
          Run <span class="code">npm run chrome</span>: a browser opens with it loaded. By hand: open{' '}
          <span class="code">chrome://extensions</span>, turn on Developer mode, press Load unpacked and pick{' '}
          <span class="code path">{extension.chrome}</span>
        </dd>
      </div>
      <div>
        <dt>Firefox</dt>
        <dd>
          Run <span class="code">npm run firefox</span>. By hand: open <span class="code">about:debugging</span>, choose
          This Firefox, press Load Temporary Add-on and pick <span class="code">manifest.json</span> in{' '}
          <span class="code path">{extension.firefox}</span>
        </dd>
      </div>
    </dl>
  </>
);
