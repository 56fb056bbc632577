using StackExchange.Redis;

namespace Platform.SharedState;

public static class RedisFault
{
    /// <summary>Whether the exception says that Redis is away, slow or refusing, rather than that we are wrong.</summary>
    public static bool Is(Exception exception) => exception is RedisException or TimeoutException;
}
