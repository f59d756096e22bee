// Bundles the page enhancements, copies the Persian font and draws the land behind maps, into src/dadkhah/web/static/built/.
// Nothing in that folder is committed; every page reads without it.
import fs from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { geoIdentity, geoPath } from "d3-geo";
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

// Land of Natural Earth (public domain) through world-atlas, as a picture behind the points of a map: a degree is a unit,
// north is up. No page asks a tile server who is looking at which place, and no border is drawn: a border is a claim.
// Most maps lie within 20-90 east and 0-60 north, which is drawn finely; wider ones take the coarse world.
for (const [name, detail, bounds] of [["land", "50m", [[20, -60], [90, 0]]], ["world", "110m", [[-180, -90], [180, 90]]]]) {
  const topology = JSON.parse(fs.readFileSync(`node_modules/world-atlas/land-${detail}.json`));
  const plane = geoIdentity().reflectY(true).clipExtent(bounds);
  const land = geoPath(plane).digits(2)(feature(topology, topology.objects.land));
  const [[x, y], [east, south]] = bounds;
  fs.writeFileSync(
    `${out}/${name}.svg`,
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${x} ${y} ${east - x} ${south - y}" preserveAspectRatio="none"><path fill="#808080" d="${land}"/></svg>\n`,
  );
}
