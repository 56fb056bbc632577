using Aspire.Hosting.Reporting;

namespace Aspire.Hosting.Running;

/// <summary>The processes this AppHost has started, in a file: should it be killed, the next one ends what is left of them.</summary>
internal sealed class ChildRecord(DataFolder folder, Guardian guardian, ConsoleLines console)
{
    private readonly List<ChildIdentity> children = [];
    private readonly Lock gate = new();

    public void Add(int processId, string command)
    {
        // Until the shell in front has become the command, a process has the shell's name; the command is what stays.
        lock (gate)
        {
            children.Add(ChildIdentity.Of(processId, command));
            Save();
            guardian.Watch(processId);
        }
    }

    public void Remove(int processId)
    {
        lock (gate)
        {
            children.RemoveAll(child => child.ProcessId == processId);
            Save();
            guardian.Forget(processId);
        }
    }

    /// <summary>Kills what an AppHost that was killed has left running, and nothing else.</summary>
    public void KillLeftovers()
    {
        if (!File.Exists(folder.RecordPath)) return;
        foreach (var child in File.ReadAllLines(folder.RecordPath).Select(ChildIdentity.Parse).OfType<ChildIdentity>())
        {
            if (!child.IsStillRunning) continue;
            console.Say($"Killed process {child.ProcessId} ({child.Command}), left by an AppHost that did not stop in order.");
            Signals.KillTree(child.ProcessId);
        }

        File.Delete(folder.RecordPath);
    }

    private void Save()
    {
        var next = $"{folder.RecordPath}.tmp";
        File.WriteAllLines(next, children.Select(child => child.ToString()));
        File.Move(next, folder.RecordPath, overwrite: true);
    }
}
