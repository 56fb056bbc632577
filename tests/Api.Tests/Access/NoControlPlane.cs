using System.Reflection;
using Platform.Contracts;

namespace Platform.Api.Tests.Access;

/// <summary>A cluster that is away: every call that gets past access ends here.</summary>
public class NoControlPlane : DispatchProxy
{
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        throw new ControlPlaneUnavailableException("There is no silo in this test.");
}
