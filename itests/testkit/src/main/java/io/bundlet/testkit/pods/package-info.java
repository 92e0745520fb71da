/**
 * Runs pods on a node and judges what becomes of them, from outside: pods are described once for all runtimes
 * ({@link io.bundlet.testkit.pods.PodManifest}), every status that the node tells is read from the recorder's file
 * ({@link io.bundlet.testkit.pods.StatusHistory}), the scripted runtime is told what to do by files
 * ({@link io.bundlet.testkit.pods.ScriptedRuntime}), and what is expected is written in a line
 * ({@link io.bundlet.testkit.pods.Expectation}). This is to become the kit by which vendors test their providers.
 */
package io.bundlet.testkit.pods;
