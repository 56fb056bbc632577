using StackExchange.Redis;

namespace Platform.SharedState;

/// <summary>Which exceptions mean that Redis does not answer just now, so that callers need not know its library.</summary>
public static class RedisFaults
{
    public static bool IsOutage(Exception exception) => exception is RedisException or TimeoutException;
}
