// Builds static/dist: one stylesheet and one script for each audience, the script loaded first, what
// pages fetch when they need it, and the fonts.
// `npm run build` builds once and prints what a first visit costs; `npm run watch` rebuilds on every change.
import { mkdir, readFile, readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import * as esbuild from 'esbuild'
import * as sass from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const root = dirname(here)
const out = join(root, 'static', 'dist')
const watching = process.argv.includes('--watch')

// Sass first (GOV.UK and MOJ Frontend are Sass modules found from the project's root), then esbuild takes in the
// small pictures as data addresses and puts the fonts beside the stylesheet.
const sassPlugin = {
  name: 'sass',
  setup(build) {
    build.onLoad({ filter: /\.scss$/ }, ({ path }) => {
      const { css, loadedUrls } = sass.compile(path, {
        loadPaths: [root],
        quietDeps: true,
        silenceDeprecations: ['import', 'global-builtin'],
      })
      return {
        contents: css,
        loader: 'css',
        resolveDir: join(here, 'scss'),
        watchFiles: loadedUrls.map((url) => fileURLToPath(url)),
      }
    })
  },
}

const shared = {
  bundle: true,
  minify: true,
  logLevel: 'warning',
  outdir: out,
  absWorkingDir: root,
  target: ['chrome90', 'firefox90', 'safari15'],
}

const styles = {
  ...shared,
  entryPoints: [join(here, 'scss', 'citizen.scss'), join(here, 'scss', 'staff.scss')],
  plugins: [sassPlugin],
  loader: { '.woff2': 'file', '.svg': 'dataurl', '.png': 'dataurl' },
  assetNames: 'fonts/[name]',
}

const scripts = {
  ...shared,
  format: 'esm',
  entryPoints: ['citizen.js', 'staff.js', 'htmx.js', 'upload.js', 'answers.js', 'passkey.js'].map((name) => join(here, 'js', name)),
}

// Loaded without `type=module`, before the page is drawn.
const early = { ...shared, format: 'iife', entryPoints: [join(here, 'js', 'supported.js')] }

async function weigh() {
  const names = (await readdir(out, { recursive: true })).filter((name) => /\.(css|js|woff2)$/.test(name)).sort()
  for (const name of names) {
    const raw = await readFile(join(out, name))
    const sent = name.endsWith('.woff2') ? raw.length : gzipSync(raw).length
    console.log(`${name.padEnd(56)} ${(raw.length / 1024).toFixed(1).padStart(8)} KB ${(sent / 1024).toFixed(1).padStart(8)} KB sent`)
  }
}

if (watching) {
  for (const options of [styles, scripts, early]) {
    const context = await esbuild.context({ ...options, minify: false, sourcemap: true, logLevel: 'info' })
    await context.watch()
  }
} else {
  await rm(out, { recursive: true, force: true })
  await mkdir(out, { recursive: true })
  await Promise.all([styles, scripts, early].map((options) => esbuild.build(options)))
  await weigh()
}
