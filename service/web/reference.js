// Lists the contracts of /openapi.json with their examples, without any library from elsewhere.
import { byId, element } from "./dom.js";

const description = await (await fetch("/openapi.json")).json();
const resolve = (schema) => (schema?.$ref ? description.components.schemas[schema.$ref.split("/").pop()] : schema);

function contract(method, path, operation) {
  const body = resolve(operation.requestBody?.content?.["application/json"]?.schema);
  const example = body?.examples?.[0];
  return element("article", { className: "said" },
    element("h3", {}, `${method.toUpperCase()} ${path}`),
    element("p", {}, operation.summary ?? ""),
    element("p", {}, operation.description ?? ""),
    element("ul", {}, ...(operation.parameters ?? []).map((one) =>
      element("li", {}, `${one.name} (${one.in}${one.required ? ", required" : ""}) ${one.description ?? ""}`))),
    body ? element("pre", {}, JSON.stringify(example ?? Object.keys(body.properties ?? {}), null, 2)) : null);
}

byId("contracts").append(element("section", {}, ...Object.entries(description.paths).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, operation]) => contract(method, path, operation)))));
