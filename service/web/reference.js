// Lists the contracts of /openapi.json with their examples, without any library from elsewhere.
import { byId, element } from "./dom.js";

const description = await (await fetch("/openapi.json")).json();
const resolve = (schema) => (schema?.$ref ? description.components.schemas[schema.$ref.split("/").pop()] : schema);

function contract(method, path, operation) {
  const body = resolve(operation.requestBody?.content?.["application/json"]?.schema);
  const example = body?.examples?.[0];
  const parameters = operation.parameters ?? [];
  return element("article", { className: "contract" },
    element("h2", {}, element("code", {}, `${method.toUpperCase()} ${path}`)),
    element("p", {}, element("b", {}, operation.summary ?? ""), " ", operation.description ?? ""),
    parameters.length ? element("ul", {}, ...parameters.map((one) =>
      element("li", {}, element("code", {}, one.name), ` (${one.in}${one.required ? ", required" : ""}) ${one.description ?? ""}`))) : null,
    body ? element("code", { className: "when" }, JSON.stringify(example ?? Object.keys(body.properties ?? {}), null, 2)) : null);
}

byId("contracts").append(...Object.entries(description.paths).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, operation]) => contract(method, path, operation))));
