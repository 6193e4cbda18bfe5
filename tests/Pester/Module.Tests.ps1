#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    # Looking at all scripts takes as long as a third of all tests. All files are discovered before the first is run, so that it is done beside them.
    if (Get-Module PSScriptAnalyzer -ListAvailable) {
        $repository = (Resolve-Path "$PSScriptRoot/../..").ProviderPath
        $null = Start-ThreadJob -Name 'AtomProNet scripts' {
            $root = $using:repository
            $module = Split-Path $env:ATOMPRONET_MODULE
            $scripts = Get-ChildItem $root -Recurse -Include *.ps1, *.psd1, *.psm1 | Where-Object FullName -NotMatch '[\\/](bin|obj|out)[\\/]'
            # Copies in the same folders, with all that the manifests name.
            $copies = Join-Path ([IO.Path]::GetTempPath()) "ap-scripts-$([IO.Path]::GetRandomFileName())"
            try {
                foreach ($script in $scripts) {
                    $copy = Join-Path $copies ([IO.Path]::GetRelativePath($root, $script.FullName))
                    $null = New-Item (Split-Path $copy) -ItemType Directory -Force
                    Copy-Item -LiteralPath $script.FullName -Destination $copy
                }

                Get-ChildItem $module -Filter *.dll | Copy-Item -Destination (Join-Path $copies 'module')
                Get-ChildItem $module -Filter *.ps1xml | Copy-Item -Destination (Join-Path $copies 'module')
                "scripts $($scripts.Count)"
                Invoke-ScriptAnalyzer -Path $copies -Recurse | ForEach-Object { "$($_.ScriptName), line $($_.Line): $($_.Message)" }
            }
            finally {
                Remove-Item $copies -Recurse -Force
            }
        }
    }
}

BeforeAll {
    $script:manifest = $env:ATOMPRONET_MODULE
    $script:folder = Split-Path $manifest
    Import-Module $manifest -Force -ErrorAction Stop

    # What a fresh process says; the process of the tests has loaded too much.
    function Invoke-Fresh([string] $Script) {
        $text = "`$env:NO_COLOR = '1'; `$ErrorActionPreference = 'Stop'`n$Script"
        & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -EncodedCommand ([Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($text))) 2>&1
    }
}

Describe 'The module' {
    It 'has a valid manifest for PowerShell 7.4 and later' {
        $information = Test-ModuleManifest $manifest
        $information.PowerShellVersion | Should -BeGreaterOrEqual '7.4'
        $information.CompatiblePSEditions | Should -Be 'Core'
        $information.Version | Should -BeGreaterThan '0.0.0'
    }

    It 'exports the cmdlets of the manifest, all of them and nothing else' {
        $expected = (Import-PowerShellDataFile $manifest).CmdletsToExport | Sort-Object
        $module = Get-Module AtomProNet.PS
        ($module.ExportedCommands.Keys | Sort-Object) | Should -Be $expected
        $module.ExportedCmdlets.Count | Should -Be $expected.Count
    }

    It 'is imported in silence' {
        Invoke-Fresh "Import-Module '$manifest' -WarningAction Continue" | Should -BeNullOrEmpty
    }

    It 'can be removed and imported again' {
        Invoke-Fresh "Import-Module '$manifest'; Remove-Module AtomProNet.PS; Import-Module '$manifest'; [AtomProNet.Structures.Element]::FromNumber(13).Symbol" | Should -Be 'Al'
    }

    It 'works in parallel runspaces' {
        $symbols = 1..8 | ForEach-Object -Parallel { Import-Module $using:manifest; [AtomProNet.Structures.Element]::FromNumber($_).Symbol } -ThrottleLimit 4
        ($symbols | Sort-Object) -join ' ' | Should -Be 'B Be C H He Li N O'
    }

    It 'holds no copy of PowerShell' {
        Get-ChildItem $folder -Recurse -Filter 'System.Management.Automation*' | Should -BeNullOrEmpty
        Get-ChildItem $folder -Recurse -Filter 'AtomProNet.Cli*' | Should -BeNullOrEmpty
    }

    It 'brings its licence and the notices of others' {
        Join-Path $folder 'LICENSE' | Should -Exist
        # One line for each work, with its files in brackets and the licence, whose text stands below.
        $notices = Get-Content (Join-Path $folder 'THIRD-PARTY-NOTICES.txt')
        $shipped = Get-ChildItem (Join-Path $folder 'Dependencies') -Recurse -File | Where-Object Name -notlike 'AtomProNet*'
        $shipped.Count | Should -BeGreaterThan 8
        foreach ($file in $shipped) {
            $line = @($notices | Where-Object { $_ -match '^[^(]+\(([^()]+)\):' -and ($file.Name -like $Matches[1] -or $file.BaseName -replace '^lib' -like $Matches[1]) })
            $line.Count | Should -Be 1 -Because "$($file.Name) is shipped"
            if ($line[0] -notmatch 'public domain') {
                $line[0] -match '(MIT licence|BSD 3-Clause licence|Apache License 2\.0)' | Should -BeTrue -Because $line[0]
                $notices | Where-Object { $_ -match "^=+ $([regex]::Escape($Matches[1]))$" } | Should -HaveCount 1
            }
        }
    }

    It 'lies beside a changelog with this version' {
        $version = (Import-PowerShellDataFile $manifest).ModuleVersion
        Get-Content (Join-Path $folder 'CHANGELOG.md') -Raw | Should -Match ([regex]::Escape($version))
    }
}

Describe '<_>' -ForEach (Import-PowerShellDataFile $env:ATOMPRONET_MODULE).CmdletsToExport {
    BeforeAll {
        $script:command = Get-Command $_ -Module AtomProNet.PS -ErrorAction Stop
        $script:verbs = (Get-Verb).Verb
        $script:taken = [Collections.Generic.HashSet[string]]::new([string[]] @(Get-Content "$PSScriptRoot/../AtomProNet.Tests/Module/TakenNames.txt"), [StringComparer]::OrdinalIgnoreCase)
    }

    It 'has a name of its own, of an approved verb and a singular noun' {
        $command.Verb | Should -BeIn $verbs
        $command.Noun -replace 'Series$' | Should -Not -Match '[^s]s$' -Because 'a noun is singular'
        @(Get-Command $command.Name -All).Source | Should -Be 'AtomProNet.PS'
        $taken.Count | Should -BeGreaterThan 4000
        $taken.Contains($command.Name) | Should -BeFalse
    }

    It 'has tests of its own, in a file of its name' {
        Join-Path $PSScriptRoot "$($command.Name).Tests.ps1" | Should -Exist
    }

    It 'says what it writes, has a page with examples, and help' {
        $command.OutputType.Count | Should -BeGreaterThan 0
        $page = "$PSScriptRoot/../../docs/cmdlets/$($command.Name).md"
        $page | Should -Exist
        (Select-String -LiteralPath $page -Pattern '^### Example \d+: ' | Measure-Object).Count | Should -BeGreaterThan 0
        $help = Get-Help $command.Name -Full
        @($help.examples.example).Count | Should -BeGreaterThan 0
        [uri]::IsWellFormedUriString($command.HelpUri, 'Absolute') | Should -BeTrue
        $command.HelpUri | Should -BeLike "https://*/$($command.Name).md"
    }
}

Describe 'Scripts' {
    It 'are clean' -Skip:(-not (Get-Module PSScriptAnalyzer -ListAvailable)) {
        $job = Get-Job -Name 'AtomProNet scripts' | Select-Object -Last 1
        $told = @($job | Receive-Job -Wait -AutoRemoveJob -ErrorVariable faults -ErrorAction SilentlyContinue)
        $faults | Should -BeNullOrEmpty
        [int] ($told[0] -replace 'scripts ') | Should -BeGreaterThan 40
        $told | Select-Object -Skip 1 | Should -BeNullOrEmpty
    }
}

Describe 'Isolation' {
    It 'keeps the library and what it needs out of the default context' {
        $loaded = Invoke-Fresh @"
Import-Module '$manifest'
`$null = [AtomProNet.Structures.Element]::FromNumber(1)
[Runtime.Loader.AssemblyLoadContext]::Default.Assemblies.ForEach({ `$_.GetName().Name })
"@
        $loaded | Should -Contain 'AtomProNet.PS'
        foreach ($file in Get-ChildItem (Join-Path $folder 'Dependencies') -Filter '*.dll') {
            $loaded | Should -Not -Contain $file.BaseName
        }
    }

    It 'answers in the default context for the library alone' {
        $names = (Get-ChildItem (Join-Path $folder 'Dependencies') -Filter '*.dll' | Where-Object BaseName -ne 'AtomProNet').BaseName
        Invoke-Fresh @"
Import-Module '$manifest'
foreach (`$name in '$($names -join "','")') {
    try { `$null = [Reflection.Assembly]::Load(`$name); `$name } catch [IO.FileNotFoundException] { }
}
"@ | Should -BeNullOrEmpty
    }

    It 'gives scripts the types of the library by their full names' {
        [AtomProNet.Structures.Structure].Assembly.GetName().Name | Should -Be 'AtomProNet'
        [Runtime.Loader.AssemblyLoadContext]::GetLoadContext([AtomProNet.Structures.Structure].Assembly).Name | Should -Be 'AtomProNet'
    }
}
