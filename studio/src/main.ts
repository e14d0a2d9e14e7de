/** @file The studio's entry. */
import "virtual:tokens.css";
import "./design/fonts.css";
import "./design/base.css";
import { mount } from "svelte";
import App from "./App.svelte";

const target = document.getElementById("app");
if (target) mount(App, { target });
