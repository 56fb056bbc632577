using System.ComponentModel;
using CliWrap;

namespace Aspire.Hosting.Running;

/// <summary>A started process: its output line by line, and its end.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly CancellationTokenSource interrupt = new();
    private readonly CommandTask<CommandResult> running;

    /// <exception cref="DistributedApplicationException">The command does not exist or may not be run.</exception>
    public ChildProcess(ProcessSpec spec, Action<string> onLine)
    {
        var output = PipeTarget.ToDelegate(onLine);
        var command = WithoutInterrupts(spec)
            .WithWorkingDirectory(spec.WorkingDirectory)
            .WithEnvironmentVariables(spec.Environment)
            .WithStandardOutputPipe(output)
            .WithStandardErrorPipe(output)
            .WithValidation(CommandResultValidation.None);
        try
        {
            running = command.ExecuteAsync(CancellationToken.None, interrupt.Token);
        }
        catch (Exception e) when (e is Win32Exception or DirectoryNotFoundException)
        {
            throw new DistributedApplicationException($"Could not start '{spec.Command}' in {spec.WorkingDirectory}: {e.Message}", e);
        }
    }

    public int Id => running.ProcessId;

    public async Task<int> WaitForExitAsync() => (await running).ExitCode;

    /// <summary>SIGTERM, and what is still there after the patience is killed with all it has started.</summary>
    public async Task StopAsync(TimeSpan patience, TimeProvider clock)
    {
        if (!Signals.TryTerminate(Id)) await interrupt.CancelAsync();
        try
        {
            await ((Task)running).WaitAsync(patience, clock);
        }
        catch (TimeoutException)
        {
            Signals.KillTree(Id);
            await running;
        }
    }

    public void Dispose() => interrupt.Dispose();

    /// <summary>Ctrl-C goes to every process of a terminal at once; children ignore it, so that they can be stopped in order.</summary>
    private static Command WithoutInterrupts(ProcessSpec spec) => OperatingSystem.IsWindows()
        ? Cli.Wrap(spec.Command).WithArguments(spec.Arguments)
        : Cli.Wrap("/bin/sh").WithArguments(["-c", "trap '' INT; exec \"$0\" \"$@\"", spec.Command, .. spec.Arguments]);
}
