using System.Reflection;
using Platform.Api.Tests.Audit;
using Platform.Contracts;
using Platform.Contracts.Audit;

namespace Platform.Api.Tests.Access;

/// <summary>A cluster with nothing but the audit log: every other call that gets past access ends here.</summary>
public class NoControlPlane : DispatchProxy
{
    private readonly FakeLog log = new();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod?.ReturnType == typeof(IAuditGrain) ? log : throw new ControlPlaneUnavailableException("There is no silo in this test.");
}
