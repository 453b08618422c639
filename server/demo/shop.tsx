/** What the route on 127.0.0.1 gives to the shop's page. */
export interface ShopProps {
  /** Origin of the hub, another site than the shop's own, as in life (`http://localhost:8787`). */
  hubOrigin: string;
  brandSlug: string;
  /** Address of shop.css on the shop's own origin. */
  css: string;
  /** Which of its languages the chat speaks; the page itself stays English. */
  lang?: string | undefined;
}

const Car = () => (
  <svg class="car" viewBox="0 0 640 240" role="img" aria-label="Side view of a blue estate car">
    <path d="M0 206h640" stroke="currentColor" stroke-width="1" opacity=".35" />
    <path
      class="body"
      d="M52 176c-6-26 2-46 16-52 36-10 74-14 108-18 40-32 76-48 124-50 84-4 160-2 214 6 22 4 34 28 42 56 10 4 18 12 20 24l4 28c0 8-4 12-12 12h-32a52 52 0 0 0-104 0H220a52 52 0 0 0-104 0H66c-8 0-12-2-14-6z"
    />
    <path
      class="glass"
      d="M206 106c30-24 58-34 98-36h36v36zM354 70h76l10 36h-86zM444 70c24 0 46 2 66 6 10 4 16 16 20 30h-76z"
    />
    <path class="seam" d="M346 106v62M448 112c4 20 4 38-8 54" stroke-width="2" fill="none" />
    <path class="handle" d="M362 120h22M466 120h20" stroke-width="4" stroke-linecap="round" />
    <path class="lamp" d="M56 132c14-4 24-4 34 0-6 8-20 12-36 10z" />
    <path class="tail" d="M574 122h-16v22h20z" />
    {[168, 490].map((x) => (
      <g key={x}>
        <circle class="tyre" cx={x} cy="178" r="40" />
        <circle class="rim" cx={x} cy="178" r="22" />
        <circle class="tyre" cx={x} cy="178" r="6" />
      </g>
    ))}
  </svg>
);

const facts = [
  ['Driven', '41,000 km'],
  ['Colour', 'Harbour blue'],
  ['Owners', 'One'],
  ['Service', 'Complete, with us'],
] as const;

/**
 * A page of the demo brand's own shop, without its doctype. It is deliberately not in our look and holds one line of
 * ours: the script. What happens there is what would happen on a real brand's site.
 */
export const ShopPage = ({ hubOrigin, brandSlug, css, lang }: ShopProps) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>Marlin 1.6 Estate – Harbor Motors</title>
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href={css} />
      <script
        async
        src={`${hubOrigin}/widget.js?brand=${brandSlug}`}
        data-brand={brandSlug}
        data-name="Harbor Motors"
        data-lang={lang}
      />
    </head>
    <body>
      <a class="skip" href="#car">
        Skip to the car
      </a>
      <div class="shop">
        <header>
          <strong>Harbor Motors</strong>
          <small>Demo shop: brand and car are made up, the chat is real.</small>
          <nav aria-label="Shop">
            <a href="#car">The car</a>
            <a href="#service">Service</a>
            <a href="#visit">Visit us</a>
          </nav>
        </header>
        <main>
          <section id="car" aria-labelledby="car-name">
            <Car />
            <h1 id="car-name">Marlin 1.6 Estate, 2022</h1>
            <p class="price">€ 18,400</p>
            <dl class="specs">
              {facts.map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
            <p class="about">Roof rails, heated seats and a tow bar. Two keys, summer and winter wheels.</p>
          </section>
          <section id="service" aria-labelledby="service-name">
            <h2 id="service-name">Service</h2>
            <p class="about">
              Each car is looked over on our own ramp before it is sold, and once more, free of charge, after the first
              1,000 km. The service book of this one is complete and lies in the car.
            </p>
          </section>
          <section id="visit" aria-labelledby="visit-name">
            <h2 id="visit-name">Visit us</h2>
            <p class="about">Harbor Motors ApS, Nordre Kaj 4, 8000 Aarhus. Monday to Saturday, 9 to 17.</p>
          </section>
        </main>
      </div>
    </body>
  </html>
);
