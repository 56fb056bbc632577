using System.ComponentModel;
using System.Diagnostics;
using CliWrap;

namespace Aspire.Hosting.Running;

/// <summary>A started process: its output line by line, and its end.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly CancellationTokenSource interrupt = new();
    private readonly CommandTask<CommandResult> running;
    private readonly Process? handle;

    /// <exception cref="DistributedApplicationException">The command does not exist or may not be run.</exception>
    public ChildProcess(ProcessSpec spec, Action<string> onLine)
    {
        var output = PipeTarget.ToDelegate(onLine);
        var (program, arguments) = OwnSession.Of(spec.Command, spec.Arguments);
        var command = Cli.Wrap(program)
            .WithArguments(arguments)
            .WithWorkingDirectory(spec.WorkingDirectory)
            .WithEnvironmentVariables(spec.Environment)
            .WithStandardOutputPipe(output)
            .WithStandardErrorPipe(output)
            .WithValidation(CommandResultValidation.None);
        try
        {
            running = command.ExecuteAsync(CancellationToken.None, interrupt.Token);
            handle = Find(running.ProcessId);
        }
        catch (Exception e) when (e is Win32Exception or DirectoryNotFoundException)
        {
            throw new DistributedApplicationException($"Could not start '{spec.Command}' in {spec.WorkingDirectory}: {e.Message}", e);
        }
    }

    public int Id => running.ProcessId;

    /// <summary>When the process itself ends, what it has started is ended too: it would hold on to ports and output.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await (handle?.WaitForExitAsync() ?? Task.CompletedTask);
        Signals.KillRemains(Id);
        return (await running).ExitCode;
    }

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

    public void Dispose()
    {
        handle?.Dispose();
        interrupt.Dispose();
    }

    private static Process? Find(int processId)
    {
        try
        {
            return Process.GetProcessById(processId);
        }
        catch (ArgumentException)
        {
            // It has ended already.
            return null;
        }
    }
}
