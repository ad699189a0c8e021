// SPDX-License-Identifier: Apache-2.0
// Collects named results and writes them as a JUnit XML report.
import fs from 'node:fs';
import path from 'node:path';

const escape = (text) =>
  String(text)
    .replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);

export class Suite {
  #cases = [];

  constructor(name) {
    this.name = name;
  }

  /** Runs one check; whatever it throws is its failure. */
  async run(name, check) {
    const began = performance.now();
    let failure;
    try {
      await check();
    } catch (e) {
      failure = e?.cause?.code ? `${e.message} (${e.cause.code})` : (e?.message ?? String(e));
    }
    this.#cases.push({ name, seconds: (performance.now() - began) / 1000, failure });
    console.log(failure === undefined ? `ok    ${name}` : `FAIL  ${name}\n      ${failure}`);
  }

  get failed() {
    return this.#cases.filter((c) => c.failure !== undefined).length;
  }

  get passed() {
    return this.#cases.length - this.failed;
  }

  write(directory) {
    fs.mkdirSync(directory, { recursive: true });
    const seconds = this.#cases.reduce((sum, c) => sum + c.seconds, 0);
    const lines = this.#cases.map((c) => {
      const head = `  <testcase classname="${escape(this.name)}" name="${escape(c.name)}" time="${c.seconds.toFixed(3)}"`;
      if (c.failure === undefined) return `${head}/>`;
      return `${head}>\n    <failure message="${escape(c.failure)}"/>\n  </testcase>`;
    });
    const xml = `<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="${escape(this.name)}" tests="${this.#cases.length}" failures="${this.failed}" errors="0" skipped="0" time="${seconds.toFixed(3)}">
${lines.join('\n')}
</testsuite>
`;
    fs.writeFileSync(path.join(directory, `TEST-${this.name}.xml`), xml);
  }
}
