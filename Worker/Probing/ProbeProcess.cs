using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Platform.Core;
using Platform.Core.Models;
using Platform.Worker.Onnx;

namespace Platform.Worker.Probing;

/// <summary>
/// The parent's side: has a process of its own look at a model that nobody vouches for, with a bound on memory and on time.
/// Whatever the model does to that process, this one goes on.
/// </summary>
internal sealed partial class ProbeProcess(IOptions<ProbeOptions> options, TimeProvider clock, ILogger<ProbeProcess> logger)
{
    private const int Kibi = 1024;

    /// <summary>Characters of what the child complained of that are kept for the log.</summary>
    private const int MaxComplaint = 400;

    /// <exception cref="UnusableModelException">It cannot be served, or not within the bounds.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<ModelSignature> InspectAsync(byte[] model, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        var memory = Math.Max(options.Value.MinMemoryBytes, (long)(model.Length * options.Value.MemoryPerModelByte));
        using var process = Process.Start(StartInfo(memory)) ?? throw new InvalidOperationException("The process that probes models did not start.");
        using var timeout = new CancellationTokenSource(options.Value.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        using var kill = either.Token.Register(() => Kill(process));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var complaint = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await WriteAsync(process, model);
        await process.WaitForExitAsync(CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        if (timeout.IsCancellationRequested)
            throw new UnusableModelException($"Loading the model and running it once took longer than {options.Value.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.");
        if (process.ExitCode != 0)
        {
            LogDied(process.ExitCode, Beginning(await complaint));
            throw new UnusableModelException(
                $"The model brought down the process that loaded it to see whether it can be served (exit code {process.ExitCode}); it may use {memory >> 20} MiB.");
        }

        var verdict = JsonSerializer.Deserialize<ProbeVerdict>(await output, PlatformJson.Options);
        LogProbed(model.Length, clock.GetElapsedTime(started).TotalMilliseconds);
        return verdict?.Signature ?? throw new UnusableModelException(verdict?.Error ?? "The model cannot be served.");
    }

    private static ProcessStartInfo StartInfo(long memory)
    {
        var info = new ProcessStartInfo { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var command = Command();
        if (OperatingSystem.IsLinux())
        {
            info.FileName = "/bin/sh";
            info.ArgumentList.Add("-c");
            // Writable memory of its own, and the first to go when the machine runs out of it.
            info.ArgumentList.Add($"ulimit -d {memory / Kibi}; ulimit -c 0; echo 1000 2>/dev/null > /proc/self/oom_score_adj; exec \"$@\"");
            info.ArgumentList.Add("sh");
        }
        else
        {
            info.FileName = command[0];
            command = command[1..];
        }

        foreach (var argument in command) info.ArgumentList.Add(argument);
        // It needs none of what this process is told of stores and keys.
        foreach (var name in info.Environment.Keys.Where(IsConfiguration).ToArray()) info.Environment.Remove(name);
        info.Environment["DOTNET_GCHeapHardLimit"] = memory.ToString("X", CultureInfo.InvariantCulture);
        info.Environment["DOTNET_gcServer"] = "0";
        info.Environment["DOTNET_TieredPGO"] = "0";
        info.Environment["DOTNET_EnableDiagnostics"] = "0";
        return info;
    }

    private static bool IsConfiguration(string name) =>
        name.Contains("__", StringComparison.Ordinal) || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
        || name.StartsWith("OTEL_", StringComparison.Ordinal) || name.StartsWith("services_", StringComparison.OrdinalIgnoreCase);

    /// <summary>This program again: by its own executable, or by the runtime that hosts it.</summary>
    private static string[] Command()
    {
        var assembly = typeof(ProbeProcess).Assembly;
        var self = Environment.ProcessPath;
        var ending = OperatingSystem.IsWindows() ? ".exe" : "";
        if (self is not null && Path.GetFileName(self) == assembly.GetName().Name + ending) return [self, ModelProbe.Verb];
        var host = "dotnet" + ending;
        if (self is not null && Path.GetFileName(self) == host) return [self, "exec", assembly.Location, ModelProbe.Verb];
        return [Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", host)), "exec", assembly.Location, ModelProbe.Verb];
    }

    private static async Task WriteAsync(Process process, byte[] model)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(model, CancellationToken.None);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read everything; its exit code says more.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself meanwhile.
        }
    }

    private static string Beginning(string text) => text.Length > MaxComplaint ? text[..MaxComplaint] : text;

    [LoggerMessage(LogLevel.Warning, "An uploaded model brought down the process that probed it (exit code {ExitCode}): {Complaint}")]
    private partial void LogDied(int exitCode, string complaint);

    [LoggerMessage(LogLevel.Information, "A model of {Bytes} bytes was probed in {Milliseconds} ms.")]
    private partial void LogProbed(int bytes, double milliseconds);
}
