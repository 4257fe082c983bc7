using System.Text.Json;
using Vorel.Durable.Client;
using Vorel.Durable.Payloads;
using Vorel.Durable.Protocol;

namespace Vorel.Durable;

/// <summary>
/// Talks to the durable sidecar at an address that the durableClient binding gave for this very call. All calls throw
/// <see cref="DurableClientException"/>, by the sidecar's status.
/// </summary>
public sealed class DurableTaskClient
{
    /// <summary>How long one call may take unless told otherwise.</summary>
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(10);

    private const int MaximumInstanceIdLength = 256;

    private readonly SidecarChannel _sidecar;
    private readonly DurableJson _json;
    private readonly TimeProvider _time;

    /// <summary>Makes a client; cheap, one per call is fine.</summary>
    /// <param name="http">Shared; its connections are pooled per address.</param>
    /// <param name="address">The binding's rpcBaseUrl.</param>
    /// <param name="jsonOptions">Source-generated metadata of inputs, outputs and events.</param>
    /// <param name="deadline">How long one call may take; 10 s unless given.</param>
    /// <param name="time">Drives the polling of <see cref="WaitForInstanceCompletionAsync"/>.</param>
    public DurableTaskClient(
        HttpClient http, Uri address, JsonSerializerOptions jsonOptions, TimeSpan? deadline = null, TimeProvider? time = null)
    {
        _sidecar = new SidecarChannel(http, address, deadline ?? DefaultDeadline);
        _json = new DurableJson(jsonOptions);
        _time = time ?? TimeProvider.System;
    }

    /// <summary>The pause between two questions of <see cref="WaitForInstanceCompletionAsync"/>; a second unless set.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Starts an instance. An id whose instance has ended is started again.</summary>
    /// <returns>The instance's id.</returns>
    /// <exception cref="OrchestrationAlreadyExistsException">An instance with this id is at work.</exception>
    public async Task<string> ScheduleNewOrchestrationInstanceAsync(
        string name, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var instanceId = Checked(options?.InstanceId ?? Guid.CreateVersion7().ToString("N"));
        var request = new CreateInstanceRequest { Name = name, InstanceId = instanceId, Input = _json.Write(input, $"input of '{name}'") };
        try
        {
            return (await _sidecar.Call("StartInstance", request, CreateInstanceResponse.Parser, cancellationToken)).InstanceId;
        }
        catch (DurableClientException failure) when (failure.Status == GrpcStatus.AlreadyExists)
        {
            throw new OrchestrationAlreadyExistsException(instanceId, failure);
        }
    }

    /// <summary>What the hub knows of an instance; null when it knows none.</summary>
    public async Task<OrchestrationMetadata?> GetInstanceAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellationToken = default)
    {
        var request = new GetInstanceRequest { InstanceId = Checked(instanceId), GetInputsAndOutputs = getInputsAndOutputs };
        var response = await _sidecar.Call("GetInstance", request, GetInstanceResponse.Parser, cancellationToken);
        return response is { Exists: true, OrchestrationState: { } state } ? new OrchestrationMetadata(state, _json) : null;
    }

    /// <summary>
    /// Raises an event. NotFound: there is no such instance; FailedPrecondition: it has ended. It may arrive twice.
    /// </summary>
    public Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(eventName);
        var input = _json.Write(eventPayload, $"event '{eventName}'");
        var request = new RaiseEventRequest { InstanceId = Checked(instanceId), Name = eventName, Input = input };
        return _sidecar.Call("RaiseEvent", request, RaiseEventResponse.Parser, cancellationToken);
    }

    /// <summary>Ends an instance. Its activities run on; its children are not ended.</summary>
    /// <param name="instanceId">The id.</param>
    /// <param name="output">What becomes its output.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task TerminateInstanceAsync(string instanceId, object? output = null, CancellationToken cancellationToken = default)
    {
        var request = new TerminateRequest { InstanceId = Checked(instanceId), Output = _json.Write(output, "output") };
        return _sidecar.Call("TerminateInstance", request, TerminateResponse.Parser, cancellationToken);
    }

    /// <summary>Forgets an instance that has ended, with its history.</summary>
    public async Task<PurgeResult> PurgeInstanceAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        var request = new PurgeInstancesRequest { InstanceId = Checked(instanceId) };
        return new PurgeResult((await _sidecar.Call("PurgeInstances", request, PurgeInstancesResponse.Parser, cancellationToken)).DeletedInstanceCount);
    }

    /// <summary>Asks, every <see cref="PollInterval"/>, until the instance has ended.</summary>
    /// <param name="instanceId">The id.</param>
    /// <param name="getInputsAndOutputs">Whether the answer holds payloads.</param>
    /// <param name="cancellationToken">Gives up waiting; set one.</param>
    /// <returns>Null when there is no such instance.</returns>
    public async Task<OrchestrationMetadata?> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var instance = await GetInstanceAsync(instanceId, getInputsAndOutputs, cancellationToken);
            if (instance is null or { IsCompleted: true })
            {
                return instance;
            }

            await Task.Delay(PollInterval, _time, cancellationToken);
        }
    }

    private static string Checked(string instanceId) =>
        instanceId.Length is 0 or > MaximumInstanceIdLength || instanceId[0] == '@'
        || instanceId.AsSpan().ContainsAny("/\\#?") || instanceId.Any(char.IsControl)
            ? throw new ArgumentException("The instance id is empty, too long, or holds a character that the hub does not take.", nameof(instanceId))
            : instanceId;
}
