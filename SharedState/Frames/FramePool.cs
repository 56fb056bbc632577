using System.Diagnostics.CodeAnalysis;

namespace Platform.SharedState.Frames;

/// <summary>Connections to one worker. The one used last is used next, so that what is too many becomes idle and is closed.</summary>
internal sealed class FramePool(int maxConnections, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly List<FrameConnection> idle = [];
    private int inUse;
    private bool isClosed;

    public bool IsUnused
    {
        get
        {
            lock (gate) return inUse == 0 && idle.Count == 0;
        }
    }

    /// <summary>Counts one more in use; gives an idle connection, or false when one must be opened.</summary>
    /// <exception cref="FramePoolFullException">As many as are allowed are in use.</exception>
    public bool TryTake([NotNullWhen(true)] out FrameConnection? connection)
    {
        lock (gate)
        {
            if (inUse >= maxConnections) throw new FramePoolFullException(maxConnections);
            inUse++;
            connection = null;
            if (idle.Count == 0) return false;
            connection = idle[^1];
            idle.RemoveAt(idle.Count - 1);
            return true;
        }
    }

    /// <param name="connection">Null when it is of no further use.</param>
    public void Return(FrameConnection? connection)
    {
        lock (gate)
        {
            inUse--;
            if (connection is null) return;
            connection.IdleSince = clock.GetTimestamp();
            if (!isClosed)
            {
                idle.Add(connection);
                return;
            }
        }

        connection.Dispose();
    }

    /// <summary>Closes what has been idle for so long.</summary>
    public void Close(TimeSpan idleFor)
    {
        lock (gate)
        {
            var old = idle.FindIndex(connection => clock.GetElapsedTime(connection.IdleSince) < idleFor);
            var count = old < 0 ? idle.Count : old;
            for (var i = 0; i < count; i++) idle[i].Dispose();
            idle.RemoveRange(0, count);
        }
    }

    public void CloseAll()
    {
        lock (gate) isClosed = true;
        Close(TimeSpan.Zero);
    }
}
