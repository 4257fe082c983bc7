using System.Security.Cryptography;
using Vorel.Core.Storage;

namespace Vorel.Core.Security.Envelopes;

/// <summary>
/// The keys of rows as a vault unwrapped them, kept for a while. Whoever needs a key that is being unwrapped waits for that call: there is one for
/// each key at a time, and calls for different keys do not wait for each other. A caller who goes away ends only its own waiting.
/// </summary>
internal sealed class UnwrappedKeys(IKeyWrapper wrapper, TimeProvider real) : IDisposable
{
    /// <summary>How long one call to the vault may take in all, its repeats included.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);

    private readonly KeptKeys<string> _kept = new(real);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Flight> _flights = new(StringComparer.Ordinal);

    /// <summary>A copy of the key.</summary>
    public async Task<OpenKey> Get(WrappedKey wrapped, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var flight = Join(NameOf(wrapped), wrapped, out var kept);
        if (flight is null)
        {
            return kept!;
        }

        try
        {
            await flight.Landed.Task.WaitAsync(cancellationToken);
            lock (_gate)
            {
                return new OpenKey([.. flight.Key!]);
            }
        }
        finally
        {
            Leave(flight);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _kept.Dispose();

    // By everything that the vault is told: another version, or one bit more or less, is another key.
    private static string NameOf(WrappedKey wrapped) =>
        Convert.ToHexString(SHA256.HashData(new LengthPrefixed().Add(wrapped.KeyId).Add(wrapped.Bytes).ToArray()));

    private Flight? Join(string name, WrappedKey wrapped, out OpenKey? kept)
    {
        lock (_gate)
        {
            if ((kept = _kept.Find(name)) is not null)
            {
                return null;
            }

            if (!_flights.TryGetValue(name, out var flight))
            {
                _flights.Add(name, flight = new Flight());
                var started = flight;
                _ = Task.Run(() => Fly(name, started, wrapped));
            }

            flight.Waiting++;
            return flight;
        }
    }

    private void Leave(Flight flight)
    {
        lock (_gate)
        {
            flight.Waiting--;
            ZeroIfDone(flight);
        }
    }

    private async Task Fly(string name, Flight flight, WrappedKey wrapped)
    {
        byte[]? key = null;
        Exception? failure = null;
        try
        {
            using var budget = new CancellationTokenSource(Budget, real);
            key = await wrapper.Unwrap(wrapped, budget.Token);
            if (key.Length != SealedBytes.KeySize)
            {
                CryptographicOperations.ZeroMemory(key);
                (key, failure) = (null, new EnvelopeException("The envelope is malformed.") { KeyId = wrapped.KeyId });
            }
        }
        catch (OperationCanceledException late)
        {
            failure = new StoreUnavailableException("The key vault did not answer in time.", late);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        lock (_gate)
        {
            _flights.Remove(name);
            if (key is not null)
            {
                flight.Key = [.. key];
                _kept.Keep(name, key).Dispose();
            }

            flight.IsOver = true;
            ZeroIfDone(flight);
        }

        if (failure is null)
        {
            flight.Landed.SetResult();
            return;
        }

        // Looked at here, because all who waited may have gone.
        flight.Landed.SetException(failure);
        _ = flight.Landed.Task.Exception;
    }

    private static void ZeroIfDone(Flight flight)
    {
        if (flight is { IsOver: true, Waiting: 0 })
        {
            CryptographicOperations.ZeroMemory(flight.Key);
        }
    }

    private sealed class Flight
    {
        public TaskCompletionSource Landed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public byte[]? Key { get; set; }

        public int Waiting { get; set; }

        public bool IsOver { get; set; }
    }
}
