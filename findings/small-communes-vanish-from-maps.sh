#!/usr/bin/env bash
# A map of communes, simplified for the screen.
#
# Guess: simplifying moves borders a little and keeps every commune.
# Seen: mapshaper 0.7.70 gives a small ward no shape at all (null) unless keep-shapes is asked for. topojson-simplify
#   3.0.3 keeps a polygon of four points and no area, which is drawn as nothing and passes a check that it is there.
# Why it matters: the wards of a town are the smallest and the busiest; on a map of the province's workload they would
#   be missing.
# What we do instead: figures by commune are tables; a map would mark the communes at their seats.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts mapshaper@0.7.70 topojson-client@3.1.0 topojson-server@3.0.1 topojson-simplify@3.0.3 @turf/area@7.4.0
cat >"$dir/try.mjs" <<'JS'
import area from "@turf/area";
import mapshaper from "mapshaper";
import { feature } from "topojson-client";
import { topology } from "topojson-server";
import { presimplify, simplify } from "topojson-simplify";

const square = (name, x, y, side) => {
  // A border with small bends, as surveyed ones have.
  const edge = Array.from({ length: 41 }, (_, i) => [x + (side * i) / 40, y + 0.02 * side * Math.sin(i)]);
  return {
    type: "Feature",
    properties: { name },
    geometry: { type: "Polygon", coordinates: [[...edge, [x + side, y + side], [x, y + side], edge[0]]] },
  };
};
const map = { type: "FeatureCollection", features: [square("commune", 106, 21, 0.1), square("ward", 106.2, 21, 0.0015)] };
const ward = (collection) => collection.features.find((one) => one.properties.name === "ward").geometry;
const shaped = async (options) =>
  ward(JSON.parse((await mapshaper.applyCommands(`-i in.json -simplify ${options} -o out.json`, { "in.json": map }))["out.json"]));
const topo = topology({ map });
const simplified = simplify(presimplify(topo), 1e-5);
const polygon = ward(feature(simplified, simplified.objects.map));

const [plain, kept] = [await shaped("10%"), await shaped("10% keep-shapes")];
console.log("mapshaper 0.7.70, topojson-simplify 3.0.3");
console.log("guess: a ward of about the same area");
console.log("seen:  mapshaper:", plain, "with keep-shapes:", kept?.type);
console.log("seen:  topojson:", polygon.type, polygon.coordinates[0].length, "points,", area(polygon), "m²");
if (plain !== null || kept?.type !== "Polygon" || polygon.type !== "Polygon" || area(polygon) !== 0)
  throw new Error("the behaviour has changed");
JS
node "$dir/try.mjs"
