using Vorel.Core.Records;

namespace Vorel.Core.Tests.Model;

/// <summary>The steps of histories of outbox, fan-out, ladder and mirror.</summary>
internal abstract record Command : Step<Stage>
{
    /// <summary>A command that begins or resumes an operation.</summary>
    internal abstract record Operation(Course Course, int Process) : Command
    {
        public override IEnumerable<Step<Stage>> Simpler()
        {
            if (Course != Course.Whole)
            {
                yield return this with { Course = Course.Whole };
            }

            if (Process != 0)
            {
                yield return this with { Process = 0 };
            }
        }
    }

    internal sealed record Converse(int Tenant, int Customer, string? Key, Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(Stage stage) => stage.Ask(
            new Request(
                Tenant,
                RecordKinds.Conversation,
                null,
                new Dictionary<string, string> { ["channel"] = "voice", ["customer_identifier"] = $"customer-{Customer}" },
                Key) { BegunAt = stage.Domain.GetUtcNow() },
            Process,
            Course);
    }

    internal sealed record AddLead(int Pick, string? Name, string? Status, string? Key, Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(Stage stage) => Pick(stage, [.. stage.Truth.Writes.Records.Where(record => record.Kind == RecordKinds.Conversation)], Pick, conversation =>
            stage.Ask(
                new Request(
                    conversation.Tenant,
                    RecordKinds.Lead,
                    null,
                    Change.Fields(Name, Status ?? "new").Prepend(new("conversation_id", conversation.Id.ToString("D"))).ToDictionary(),
                    Key) { BegunAt = stage.Domain.GetUtcNow() },
                Process,
                Course));
    }

    internal sealed record Change(int Pick, string? Name, string? Status, string? Key, Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(Stage stage) => Pick(stage, [.. stage.Truth.Writes.Records.Where(record => record.Kind == RecordKinds.Lead)], Pick, lead =>
            stage.Ask(
                new Request(lead.Tenant, RecordKinds.Lead, lead, Fields(Name, Status), Key) { BegunAt = stage.Domain.GetUtcNow() }, Process, Course));

        public static Dictionary<string, string> Fields(string? name, string? status)
        {
            var fields = new Dictionary<string, string>();
            if (name is not null)
            {
                fields["name"] = name;
            }

            if (status is not null)
            {
                fields["status"] = status;
            }

            return fields;
        }
    }

    /// <summary>A caller repeats an earlier request, with the same body or another under the same key.</summary>
    internal sealed record Repeat(int Pick, bool OtherBody, Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(Stage stage) => Pick(stage, [.. stage.Truth.Writes.Requests.Where(request => request.Key is not null)], Pick, earlier =>
        {
            var fields = earlier.Fields.ToDictionary();
            if (OtherBody)
            {
                fields[earlier.Kind == RecordKinds.Lead ? "name" : "customer_name"] = "another";
            }

            stage.Tally.Count(OtherBody ? "a key was sent again with another body" : "a request was repeated");
            stage.Ask(new Request(earlier.Tenant, earlier.Kind, earlier.Target, fields, earlier.Key) { BegunAt = stage.Domain.GetUtcNow() }, Process, Course);
        });
    }

    internal sealed record Message(int Pick, Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(Stage stage) =>
            Pick(stage, [.. Enumerable.Range(0, stage.Visible.Count)], Pick, index => stage.Handle(index, Process, Course));
    }

    internal sealed record Work(int Pick, Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(Stage stage) => Pick(stage, stage.Ready, Pick, instance => stage.Call(instance, Process, Course));
    }

    /// <summary>An activity that is under way is called a second time; one that is not is held up first.</summary>
    internal sealed record Double(int Pick, int Calls, Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(Stage stage) =>
            Pick(stage, [.. stage.Hub.Running.Where(instance => instance.UnderWay.Count > 0).Concat(stage.Ready)], Pick, instance => stage.CallTwice(instance, Calls, Process, Course));
    }

    internal sealed record Tick(Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(Stage stage) => stage.Tick(Process, Course);
    }

    /// <summary>An operation that stands still goes on.</summary>
    internal sealed record Resume(int Pick, Course Course) : Operation(Course, 0)
    {
        public override void Play(Stage stage) => Pick(stage, stage.Flights, Pick, flight => stage.Resume(flight, Course));
    }

    /// <summary>Every visible message is handled and every orchestration that is ready goes one step, oldest first.</summary>
    internal sealed record Proceed(int Process) : Command
    {
        public override void Play(Stage stage) => stage.Proceed(Process);
    }

    internal sealed record LoseInstance(int Pick) : Command
    {
        public override void Play(Stage stage) => Pick(stage, stage.Hub.Running, Pick, stage.Lose);
    }

    internal sealed record LandLate(int Pick) : Command
    {
        public override void Play(Stage stage) => Pick(stage, [.. Enumerable.Range(0, stage.Gate.Late.Count)], Pick, stage.Gate.Land);
    }

    internal sealed record KillProcess(int Process) : Command
    {
        public override void Play(Stage stage) => stage.Kill(Process);
    }

    /// <summary>The clocks move, together or apart; only the domain clock may go back.</summary>
    internal sealed record Clocks(TimeSpan Domain, TimeSpan Real) : Command
    {
        public override void Play(Stage stage)
        {
            stage.Tally.Count(Domain < TimeSpan.Zero ? "the domain clock went back" : Domain == Real ? "the clocks moved together" : "one clock moved alone");
            stage.Move(Domain, Real);
        }
    }

    internal sealed record Subscribe(int Tenant, IReadOnlyList<string> Events, IReadOnlyList<Receivers.Answer> Answers) : Command
    {
        public override void Play(Stage stage) => stage.Subscribe(Tenant, Events, Answers);

        public override IEnumerable<Step<Stage>> Simpler() => Answers.Count == 0 ? [] : [this with { Answers = [] }, this with { Answers = [.. Answers.Skip(1)] }];

        public override string ToString() => $"Subscribe {{ Tenant = {Tenant}, Events = {string.Join(' ', Events)}, Answers = {string.Join(' ', Answers)} }}";
    }

    /// <summary>A subscription is deleted, or disabled.</summary>
    internal sealed record Unsubscribe(int Pick, bool Deletes, Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(Stage stage) => Pick(
            stage, stage.Truth.Deliveries.Active, Pick, active => stage.Unsubscribe(active.Subscription.Tenant, active.Id, Deletes, Process, Course));
    }

    internal sealed record CrmFails(int Tenant, IReadOnlyList<CrmStandIn.Answer> Answers) : Command
    {
        public override void Play(Stage stage) => stage.Crm(Tenant).Script(Answers);

        public override string ToString() => $"CrmFails {{ Tenant = {Tenant}, Answers = {string.Join(' ', Answers)} }}";
    }
}
