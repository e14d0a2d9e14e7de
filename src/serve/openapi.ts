/** @file The OpenAPI document, made of the schemas of what is sent and answered. */

import * as z from "zod";
import { AURICLE_VERSION } from "../version.ts";
import { PROBLEM_TYPE, PROBLEMS, type ProblemKind } from "./problem.ts";
import {
  healthSchema,
  liveMessageSchema,
  liveStartSchema,
  modelSchema,
  modelsSchema,
  predictionSchema,
  predictionsSchema,
  problemSchema,
  querySchema,
} from "./schemas.ts";

const SCHEMAS = {
  Prediction: predictionSchema,
  Predictions: predictionsSchema,
  Model: modelSchema,
  Models: modelsSchema,
  Health: healthSchema,
  Problem: problemSchema,
  LiveStart: liveStartSchema,
  LiveMessage: liveMessageSchema,
};

const ref = (name: keyof typeof SCHEMAS) => ({ $ref: `#/components/schemas/${name}` });

const json = (description: string, ...names: (keyof typeof SCHEMAS)[]) => ({
  description,
  content: {
    "application/json": { schema: names.length === 1 ? ref(names[0]) : { oneOf: names.map(ref) } },
  },
});

/** The answers of problems, by status. */
function problems(...kinds: ProblemKind[]): Record<string, object> {
  return Object.fromEntries(
    kinds.map((kind) => {
      const [status, title] = PROBLEMS[kind];
      return [status, { description: title, content: { [PROBLEM_TYPE]: { schema: ref("Problem") } } }];
    }),
  );
}

/** Parameters of a query from its schema. */
function queryParameters(): { readonly name: string }[] {
  const { properties = {} } = z.toJSONSchema(querySchema, { io: "input" });
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = schema as { description?: string };
    return {
      name,
      in: "query",
      required: false,
      description,
      schema: name === "hop" ? { ...rest, type: "number" } : rest,
    };
  });
}

const MODEL_PARAMETER = { name: "name", in: "path", required: true, schema: { type: "string" } };

/** @param needsKey whether requests have an API key */
export function openApiDocument(needsKey: boolean): object {
  const schemas = Object.fromEntries(
    Object.entries(SCHEMAS).map(([name, schema]) => [
      name,
      { ...z.toJSONSchema(schema), $schema: undefined },
    ]),
  );
  const bytes = { schema: { type: "string", format: "binary" } };
  const predict = (parameters: object[]) => ({
    summary: "Predicts recordings or pictures",
    description:
      "The body is a file's bytes, told by their content whatever Content-Type says, or a form (multipart/form-data) of several files.",
    parameters,
    requestBody: {
      required: true,
      content: {
        "audio/*": bytes,
        "image/*": bytes,
        "application/octet-stream": bytes,
        "multipart/form-data": {
          schema: {
            type: "object",
            properties: { file: { type: "array", items: { type: "string", format: "binary" } } },
          },
        },
      },
    },
    responses: {
      "200": json(
        "The answer for a file, or the answers for the files of a form",
        "Prediction",
        "Predictions",
      ),
      ...problems(
        ...([
          "bad-request",
          "unauthorized",
          "forbidden",
          "not-found",
          "receive-timeout",
          "too-large",
          "unsupported-type",
        ] as const),
        ...(["unreadable", "busy", "internal", "unavailable", "answer-timeout"] as const),
      ),
    },
  });
  return {
    openapi: "3.1.0",
    info: {
      title: "Auricle",
      version: AURICLE_VERSION,
      description: "Predictions of models of sound and of pictures.",
    },
    ...(needsKey && { security: [{ bearer: [] }, { header: [] }] }),
    paths: {
      "/v1/predict": { post: predict(queryParameters()) },
      "/v1/models/{name}/predict": { post: predict([MODEL_PARAMETER, ...queryParameters()]) },
      "/v1/model": {
        get: {
          summary: "Describes the first model",
          responses: {
            "200": json("The model", "Model"),
            ...problems("unauthorized", "forbidden", "unavailable"),
          },
        },
      },
      "/v1/models": {
        get: {
          summary: "Lists all models",
          responses: {
            "200": json("The models", "Models"),
            ...problems("unauthorized", "forbidden", "unavailable"),
          },
        },
      },
      "/v1/models/{name}": {
        get: {
          summary: "Describes a model",
          parameters: [MODEL_PARAMETER],
          responses: {
            "200": json("The model", "Model"),
            ...problems("unauthorized", "forbidden", "not-found", "unavailable"),
          },
        },
      },
      "/v1/live": {
        get: {
          summary: "Opens a WebSocket for live sound",
          description:
            "The first message is a LiveStart as text; samples follow as binary messages. The server sends a LiveMessage as text each time.",
          parameters: queryParameters().filter(({ name }) => name === "model"),
          responses: {
            "101": { description: "The WebSocket is open" },
            ...problems("forbidden", "busy", "unavailable"),
          },
        },
      },
      "/healthz": {
        get: {
          summary: "Whether the process runs",
          security: [],
          responses: { "200": json("It runs", "Health") },
        },
      },
      "/readyz": {
        get: {
          summary: "Whether requests would be answered",
          security: [],
          responses: { "200": json("They would", "Health"), "503": json("They would not", "Health") },
        },
      },
      "/metrics": {
        get: {
          summary: "Figures for Prometheus",
          responses: {
            "200": { description: "In Prometheus' text format" },
            ...problems("unauthorized", "forbidden"),
          },
        },
      },
    },
    components: {
      schemas,
      ...(needsKey && {
        securitySchemes: {
          bearer: { type: "http", scheme: "bearer" },
          header: { type: "apiKey", in: "header", name: "X-API-Key" },
        },
      }),
    },
  };
}
