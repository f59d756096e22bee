// Bundles the page enhancements, copies the Persian font and draws the base map, into src/dadkhah/web/static/built/.
// Nothing in that folder is committed; every page reads without it.
import fs from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { geoMercator, geoPath } from "d3-geo";
import { feature } from "topojson-client";

const out = path.resolve("../src/dadkhah/web/static/built");
fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });

await build({
  entryPoints: fs.readdirSync("src").filter((name) => name.endsWith(".js")).map((name) => `src/${name}`),
  bundle: true,
  minify: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  outdir: out,
  chunkNames: "chunk-[hash]",
  legalComments: "linked",
});

for (const weight of ["Regular", "Bold"]) {
  fs.copyFileSync(`node_modules/vazirmatn/fonts/webfonts/Vazirmatn-${weight}.woff2`, `${out}/Vazirmatn-${weight}.woff2`);
}

// Natural Earth (public domain) through world-atlas: Iran and its neighbours by ISO 3166-1 numeric code, drawn once in
// Mercator, so that no page asks a tile server who is looking at which place.
const IRAN = "364";
const SHOWN = new Set([IRAN, "368", "792", "795", "004", "586", "784", "682", "414", "634", "048", "512", "031", "051", "268"]);
const SIZE = { width: 520, height: 440, margin: 24 };
const topology = JSON.parse(fs.readFileSync("node_modules/world-atlas/countries-50m.json"));
const countries = feature(topology, topology.objects.countries).features;
const projection = geoMercator()
  .fitExtent([[SIZE.margin, SIZE.margin], [SIZE.width - SIZE.margin, SIZE.height - SIZE.margin]], countries.find((country) => country.id === IRAN))
  .clipExtent([[0, 0], [SIZE.width, SIZE.height]]);
const draw = geoPath(projection).digits(1);
const [x, y] = projection.translate();
fs.writeFileSync(
  `${out}/map.json`,
  JSON.stringify({
    width: SIZE.width,
    height: SIZE.height,
    // a point is at (x + scale · longitude, y − scale · ln tan(π/4 + latitude/2)), angles in radians
    projection: { x, y, scale: projection.scale() },
    countries: countries
      .filter((country) => SHOWN.has(country.id))
      .map((country) => ({ home: country.id === IRAN, path: draw(country) }))
      .filter((country) => country.path),
  }),
);
